import { z } from "zod";

import { parseFunctionUrn } from "../../model/names.ts";
import type { Fault } from "../../model/fault.ts";
import { readBody } from "../../model/wire/body.ts";
import {
  formatWorkflowUrn,
  workflowFromWire,
  workflowToWire,
  workflowWithDefinition,
} from "../../model/wire/workflow.ts";
import type { WorkflowDefinition } from "../../model/workflow.ts";
import type { WorkflowRecord } from "../store/workflows.ts";
import { accept, refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { offsetPage } from "./page.ts";
import { shown } from "./target.ts";

/** FSS.0409 for a taken name, FSS.1051 for functions that are not there. */
function createWorkflow(call: Call, context: ApiContext): Reply {
  const definition = readDefinition(call, context);
  checkFree(definition.name, undefined, call, context);
  const record = context.store.workflows.create(call.projectId, definition, call.caller.name);
  return ok(workflowToWire(record, context.place.region));
}

/** Replaces the whole definition; another name changes the URN. */
function updateWorkFlow(call: Call, context: ApiContext): Reply {
  const { id } = workflowOf(call, context);
  const definition = readDefinition(call, context);
  checkFree(definition.name, id, call, context);
  return ok(
    workflowToWire(context.store.workflows.update(call.projectId, id, definition), context.place.region),
  );
}

function showWorkFlow(call: Call, context: ApiContext): Reply {
  return ok(workflowWithDefinition(workflowOf(call, context), context.place.region));
}

/** Query: `workflow_name` (part of the name), `mode`, `offset`, `limit` (at most 200). */
function listWorkflow(call: Call, { store, place }: ApiContext): Reply {
  const part = call.query.get("workflow_name");
  const mode = call.query.get("mode");
  const all = store.workflows
    .list(call.projectId)
    .filter(
      ({ definition: { name, mode: own } }) =>
        (!part || name.includes(part)) && (!mode || (own ?? "NORMAL") === mode),
    );
  const page = offsetPage(all, call.query, 200);
  const workflows = page.map((record) => workflowToWire(record, place.region));
  return ok({ total: all.length, size: workflows.length, workflows });
}

/** Deletes what it can and tells of each, by URN or id. */
function batchDeleteWorkflows(call: Call, context: ApiContext): Reply {
  const schema = z.looseObject({ workflow_urns: z.array(z.string()).min(1).max(200) });
  const { workflow_urns: urns } = accept(readBody(schema, call.body));
  const success: string[] = [];
  const fail: { workflow_urn: string; error_detail: string }[] = [];
  for (const urn of urns) {
    const record = findWorkflow(urn, call, context);
    if (record === undefined) fail.push({ workflow_urn: urn, error_detail: missing(urn) });
    else {
      context.store.workflows.delete(call.projectId, record.id);
      success.push(urn);
    }
  }
  return ok({ success, fail });
}

function readDefinition(call: Call, context: ApiContext): WorkflowDefinition {
  const definition = accept(workflowFromWire(call.body));
  const faults = definition.functions.flatMap(({ operation }, index): Fault[] =>
    isFunction(operation, call, context)
      ? []
      : [
          {
            property: `functions.${index}.operation`,
            value: operation,
            rule: "is the URN of no function of this project",
            fix: "Deploy the function first, or list the functions to see their URNs.",
            code: "FSS.1051",
          },
        ],
  );
  if (faults.length > 0) throw refusal(faults);
  return definition;
}

function isFunction(text: string, { projectId }: Call, { store, place }: ApiContext): boolean {
  const urn = parseFunctionUrn(text, { region: place.region, projectId });
  if (urn?.projectId !== projectId || urn.region !== place.region) return false;
  const key = { projectId, package: urn.package, name: urn.name };
  if (store.functions.find(key) === undefined) return false;
  return urn.alias === undefined
    ? store.versions.find(key, urn.version ?? "") !== undefined
    : store.aliases.find(key, urn.alias) !== undefined;
}

function checkFree(name: string, own: string | undefined, call: Call, { store }: ApiContext): void {
  const holder = store.workflows.list(call.projectId).find(({ definition }) => definition.name === name);
  if (holder === undefined || holder.id === own) return;
  throw new ApiError("FSS.0409", `The workflow ${shown(name)} exists already. Choose another name.`);
}

/** The workflow that `{workflow_id}` or `{workflow_urn}` names, by id or URN; throws FSS.0404. */
export function workflowOf(call: Call, context: ApiContext): WorkflowRecord {
  const text = call.parameters["workflow_id"] ?? call.parameters["workflow_urn"] ?? "";
  const record = findWorkflow(text, call, context);
  if (record !== undefined) return record;
  throw new ApiError("FSS.0404", missing(text));
}

function findWorkflow(
  text: string,
  { projectId }: Call,
  { store, place }: ApiContext,
): WorkflowRecord | undefined {
  if (!text.startsWith("urn:")) return store.workflows.find(projectId, text);
  return store.workflows.list(projectId).find((one) => formatWorkflowUrn(one, place.region) === text);
}

function missing(text: string): string {
  return `There is no workflow ${shown(text)}. List the workflows.`;
}

/** Definitions of workflows. */
export const workflowsOperations = {
  CreateWorkflow: createWorkflow,
  ListWorkflow: listWorkflow,
  BatchDeleteWorkflows: batchDeleteWorkflows,
  ShowWorkFlow: showWorkFlow,
  UpdateWorkFlow: updateWorkFlow,
} satisfies Operations;
