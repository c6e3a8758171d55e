import type { Fault } from "../fault.ts";
import { workflowSchema, wrong, type WorkflowDefinition } from "../workflow.ts";
import { checkWorkflow } from "../workflow-rules.ts";
import { formatApiTime, readBody } from "./body.ts";

/** Deeper values are a mistake, and a burden to whoever reads them. */
const DEPTH = 100;

/** Body of CreateWorkflow and UpdateWorkFlow, checked by every rule. */
export function workflowFromWire(body: unknown): WorkflowDefinition | Fault[] {
  if (deeper(body, DEPTH)) {
    return [
      wrong("body", undefined, `is nested more than ${DEPTH} deep`, "Make constants and arguments flat."),
    ];
  }
  const read = readBody(workflowSchema, body);
  if (Array.isArray(read)) return read;
  const faults = checkWorkflow(read);
  return faults.length > 0 ? faults : read;
}

function deeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => deeper(one, levels - 1));
}

/** A workflow as the platform keeps it. */
export interface WorkflowView {
  readonly id: string;
  readonly projectId: string;
  readonly definition: WorkflowDefinition;
  readonly createdBy: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** `urn:fss:<region>:<project>:workflow:default:<name>` */
export function formatWorkflowUrn({ projectId, definition }: WorkflowView, region: string): string {
  return `urn:fss:${region}:${projectId}:workflow:default:${definition.name}`;
}

/** A workflow without its definition, as lists and changes answer it. */
export function workflowToWire(view: WorkflowView, region: string): Record<string, unknown> {
  const { name, description, enable_stream_response } = view.definition;
  return {
    ...identity(view, region),
    name,
    description: description ?? "",
    enable_stream_response: enable_stream_response ?? false,
  };
}

/** A workflow with its definition, as it was given. */
export function workflowWithDefinition(view: WorkflowView, region: string): Record<string, unknown> {
  return { ...identity(view, region), lts_group_id: "", lts_stream_id: "", definition: view.definition };
}

function identity(view: WorkflowView, region: string): Record<string, unknown> {
  return {
    id: view.id,
    workflow_urn: formatWorkflowUrn(view, region),
    created_time: formatApiTime(view.createdAt),
    updated_time: formatApiTime(view.modifiedAt),
    created_by: view.createdBy,
  };
}
