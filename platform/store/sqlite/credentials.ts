import type { StatementSync } from "node:sqlite";

import type { Role } from "../../../model/api/access.ts";
import type { SecretBox } from "../secrets.ts";
import type { Credential, CredentialStore } from "../credentials.ts";
import type { Database } from "./database.ts";

interface CredentialRow {
  readonly access_key: string;
  readonly secret: Uint8Array;
  readonly project: string;
  readonly project_name: string;
  readonly role: Role;
  readonly administrator: number;
}

/** Key pairs; secret keys are sealed, each for its own access key. */
export class SqliteCredentials implements CredentialStore {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #insertProject: StatementSync;
  readonly #insert: StatementSync;
  readonly #list: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box;
    this.#insertProject = db.prepare(
      "INSERT INTO projects (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
    );
    this.#insert = db.prepare(
      "INSERT INTO credentials (access_key, secret, project, role, administrator) VALUES (?, ?, ?, ?, ?)",
    );
    this.#list =
      db.prepare(`SELECT c.access_key, c.secret, c.project, p.name AS project_name, c.role, c.administrator
      FROM credentials c JOIN projects p ON p.id = c.project ORDER BY c.access_key`);
    this.#delete = db.prepare("DELETE FROM credentials WHERE access_key = ?");
  }

  add(credential: Credential): void {
    const { accessKey, secretKey, projectId, projectName, role, administrator } = credential;
    const sealed = this.#box.seal(secretKey, owner(accessKey));
    this.#db.transact(() => {
      this.#insertProject.run(projectId, projectName);
      this.#insert.run(accessKey, sealed, projectId, role, administrator ? 1 : 0);
    });
  }

  list(): Credential[] {
    return (this.#list.all() as unknown as CredentialRow[]).map((row) => ({
      accessKey: row.access_key,
      secretKey: this.#box.open(row.secret, owner(row.access_key)),
      projectId: row.project,
      projectName: row.project_name,
      role: row.role,
      administrator: row.administrator === 1,
    }));
  }

  delete(accessKey: string): void {
    this.#db.transact(() => this.#delete.run(accessKey));
  }
}

function owner(accessKey: string): string {
  return `access key ${accessKey}`;
}
