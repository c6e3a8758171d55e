import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import type { ApplicationRecord, ApplicationResource, ApplicationStore } from "../applications.ts";
import type { Database } from "./database.ts";

interface Row extends Omit<ApplicationRecord, "resources"> {
  readonly resources: string;
}

const SELECT = `SELECT id, project AS projectId, name, description, template AS templateId, status, resources,
  modified_at AS modifiedAt FROM applications WHERE project = ?`;

/** Applications. What an earlier run had begun and did not complete has failed. */
export class SqliteApplications implements ApplicationStore {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #complete: StatementSync;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert =
      db.prepare(`INSERT INTO applications (id, project, name, description, template, status, resources, modified_at)
      VALUES (?, ?, ?, ?, ?, 'creating', ?, ?)`);
    this.#complete = db.prepare(
      "UPDATE applications SET status = 'success', resources = ?, modified_at = ? WHERE id = ?",
    );
    this.#find = db.prepare(`${SELECT} AND id = ?`);
    this.#list = db.prepare(`${SELECT} ORDER BY name`);
    this.#delete = db.prepare("DELETE FROM applications WHERE id = ?");
    // A full disk must not keep an unchanged store from opening.
    if (db.prepare("SELECT 1 FROM applications WHERE status = 'creating'").get() !== undefined)
      db.prepare("UPDATE applications SET status = 'CreateFail' WHERE status = 'creating'").run();
  }

  begin(draft: Parameters<ApplicationStore["begin"]>[0]): ApplicationRecord {
    const record = { ...draft, id: randomUUID(), status: "creating", modifiedAt: Date.now() } as const;
    const { id, projectId, name, description, templateId, modifiedAt } = record;
    const resources = JSON.stringify(record.resources);
    this.#db.transact(() =>
      this.#insert.run(id, projectId, name, description, templateId, resources, modifiedAt),
    );
    return record;
  }

  complete(id: string, resources: readonly ApplicationResource[]): void {
    this.#db.transact(() => this.#complete.run(JSON.stringify(resources), Date.now(), id));
  }

  find(projectId: string, id: string): ApplicationRecord | undefined {
    const row = this.#find.get(projectId, id) as Row | undefined;
    return row && fromRow(row);
  }

  list(projectId: string): ApplicationRecord[] {
    return (this.#list.all(projectId) as unknown as Row[]).map(fromRow);
  }

  delete(id: string): void {
    this.#db.transact(() => this.#delete.run(id));
  }
}

function fromRow(row: Row): ApplicationRecord {
  return { ...row, resources: JSON.parse(row.resources) as ApplicationResource[] };
}
