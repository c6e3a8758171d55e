import type { WorkflowDefinition } from "../../model/workflow.ts";

/** A workflow as it is kept. */
export interface WorkflowRecord {
  /** UUID. */
  readonly id: string;
  readonly projectId: string;
  readonly definition: WorkflowDefinition;
  /** Who made it: an access key, or the name of a user. */
  readonly createdBy: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Definitions of workflows; their names are unique within a project. */
export interface WorkflowStore {
  /** Throws ConflictError for a taken name. */
  create(projectId: string, definition: WorkflowDefinition, createdBy: string): WorkflowRecord;
  find(projectId: string, id: string): WorkflowRecord | undefined;
  /** By name. */
  list(projectId: string): WorkflowRecord[];
  /** Replaces the definition; throws ConflictError for a taken name, MissingError when it is not there. */
  update(projectId: string, id: string, definition: WorkflowDefinition): WorkflowRecord;
  delete(projectId: string, id: string): void;
}
