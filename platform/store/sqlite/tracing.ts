import type { StatementSync } from "node:sqlite";

import type { SecretBox } from "../secrets.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { TracingKeys, TracingStore } from "../tracing.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

/** Tracing keys; secret keys are sealed, each for its own function. */
export class SqliteTracing implements TracingStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #box: SecretBox;
  readonly #put: StatementSync;
  readonly #select: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database, ids: FunctionIds, box: SecretBox) {
    this.#db = db;
    this.#ids = ids;
    this.#box = box;
    this.#put = db.prepare(`INSERT INTO tracing (function_id, access_key, secret) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET access_key = excluded.access_key, secret = excluded.secret`);
    this.#select = db.prepare("SELECT access_key, secret FROM tracing WHERE function_id = ?");
    this.#delete = db.prepare("DELETE FROM tracing WHERE function_id = ?");
  }

  put(key: FunctionKey, { accessKey, secretKey }: TracingKeys): void {
    const sealed = this.#box.seal(secretKey, owner(key));
    this.#db.transact(() => this.#put.run(this.#ids.get(key), accessKey, sealed));
  }

  find(key: FunctionKey): TracingKeys | undefined {
    const id = this.#ids.find(key);
    if (id === undefined) return undefined;
    const row = this.#select.get(id) as { access_key: string; secret: Uint8Array } | undefined;
    return row && { accessKey: row.access_key, secretKey: this.#box.open(row.secret, owner(key)) };
  }

  delete(key: FunctionKey): void {
    const id = this.#ids.find(key);
    if (id !== undefined) this.#db.transact(() => this.#delete.run(id));
  }
}

function owner(key: FunctionKey): string {
  return `tracing of ${keyText(key)}`;
}
