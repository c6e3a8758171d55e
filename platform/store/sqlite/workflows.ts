import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import type { WorkflowDefinition } from "../../../model/workflow.ts";
import { MissingError } from "../errors.ts";
import type { WorkflowRecord, WorkflowStore } from "../workflows.ts";
import type { Database } from "./database.ts";

interface WorkflowRow {
  readonly id: string;
  readonly project: string;
  readonly definition: string;
  readonly created_by: string;
  readonly created_at: number;
  readonly modified_at: number;
}

/** Definitions of workflows. */
export class SqliteWorkflows implements WorkflowStore {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #list: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert =
      db.prepare(`INSERT INTO workflows (id, project, name, definition, created_by, created_at, modified_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)`);
    this.#select = db.prepare("SELECT * FROM workflows WHERE project = ? AND id = ?");
    this.#list = db.prepare("SELECT * FROM workflows WHERE project = ? ORDER BY name");
    this.#update = db.prepare(
      "UPDATE workflows SET name = ?, definition = ?, modified_at = ? WHERE project = ? AND id = ?",
    );
    this.#delete = db.prepare("DELETE FROM workflows WHERE project = ? AND id = ?");
  }

  create(projectId: string, definition: WorkflowDefinition, createdBy: string): WorkflowRecord {
    const now = Date.now();
    const id = randomUUID();
    const json = JSON.stringify(definition);
    this.#db.transact(() => this.#insert.run(id, projectId, definition.name, json, createdBy, now, now));
    return { id, projectId, definition, createdBy, createdAt: now, modifiedAt: now };
  }

  find(projectId: string, id: string): WorkflowRecord | undefined {
    const row = this.#select.get(projectId, id) as WorkflowRow | undefined;
    return row && read(row);
  }

  list(projectId: string): WorkflowRecord[] {
    return (this.#list.all(projectId) as unknown as WorkflowRow[]).map(read);
  }

  update(projectId: string, id: string, definition: WorkflowDefinition): WorkflowRecord {
    const json = JSON.stringify(definition);
    return this.#db.transact(() => {
      this.#update.run(definition.name, json, Date.now(), projectId, id);
      const record = this.find(projectId, id);
      if (record === undefined) throw new MissingError(`There is no workflow ${id}.`);
      return record;
    });
  }

  delete(projectId: string, id: string): void {
    this.#db.transact(() => this.#delete.run(projectId, id));
  }
}

function read(row: WorkflowRow): WorkflowRecord {
  return {
    id: row.id,
    projectId: row.project,
    definition: JSON.parse(row.definition) as WorkflowDefinition,
    createdBy: row.created_by,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
