import type { StatementSync } from "node:sqlite";

import type { SecretBox } from "../secrets.ts";
import type { Credential, CredentialStore } from "../store.ts";
import type { Database } from "./database.ts";

interface CredentialRow {
  readonly access_key: string;
  readonly secret: Uint8Array;
  readonly project: string;
  readonly project_name: string;
}

/** Key pairs; secret keys are sealed, each for its own access key. */
export class SqliteCredentials implements CredentialStore {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #insert: StatementSync;
  readonly #list: StatementSync;

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box;
    this.#insert = db.prepare(
      "INSERT INTO credentials (access_key, secret, project, project_name) VALUES (?, ?, ?, ?)",
    );
    this.#list = db.prepare(
      "SELECT access_key, secret, project, project_name FROM credentials ORDER BY access_key",
    );
  }

  add(credential: Credential): void {
    const { accessKey, secretKey, projectId, projectName } = credential;
    const sealed = this.#box.seal(secretKey, owner(accessKey));
    this.#db.transact(() => this.#insert.run(accessKey, sealed, projectId, projectName));
  }

  list(): Credential[] {
    return (this.#list.all() as unknown as CredentialRow[]).map((row) => ({
      accessKey: row.access_key,
      secretKey: this.#box.open(row.secret, owner(row.access_key)),
      projectId: row.project,
      projectName: row.project_name,
    }));
  }
}

function owner(accessKey: string): string {
  return `access key ${accessKey}`;
}
