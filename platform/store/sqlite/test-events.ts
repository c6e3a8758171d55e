import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import type { TestEventRecord, TestEventStore } from "../test-events.ts";
import { ConflictError, MissingError } from "../errors.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

const SELECT = "SELECT id, name, content, modified_at AS modifiedAt FROM test_events WHERE function_id = ?";

/** Test events, in the order they were made. */
export class SqliteTestEvents implements TestEventStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #named: StatementSync;
  readonly #list: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
    this.#insert = db.prepare(
      "INSERT INTO test_events (id, function_id, name, content, modified_at) VALUES (?, ?, ?, ?, ?)",
    );
    this.#select = db.prepare(`${SELECT} AND id = ?`);
    this.#named = db.prepare(`${SELECT} AND name = ?`);
    this.#list = db.prepare(`${SELECT} ORDER BY seq`);
    this.#update = db.prepare(
      "UPDATE test_events SET content = ?, modified_at = ? WHERE function_id = ? AND id = ?",
    );
    this.#delete = db.prepare("DELETE FROM test_events WHERE function_id = ? AND id = ?");
  }

  create(key: FunctionKey, name: string, content: string): TestEventRecord {
    return this.#db.change(keyText(key), () => {
      const functionId = this.#ids.get(key);
      if (this.#named.get(functionId, name))
        throw new ConflictError(`The test event ${name} exists already.`);
      const record = { id: randomUUID(), name, content, modifiedAt: Date.now() };
      this.#insert.run(record.id, functionId, name, content, record.modifiedAt);
      return record;
    });
  }

  find(key: FunctionKey, id: string): TestEventRecord | undefined {
    const functionId = this.#ids.find(key);
    if (functionId === undefined) return undefined;
    return this.#select.get(functionId, id) as TestEventRecord | undefined;
  }

  list(key: FunctionKey): TestEventRecord[] {
    const functionId = this.#ids.find(key);
    return functionId === undefined ? [] : (this.#list.all(functionId) as unknown as TestEventRecord[]);
  }

  update(key: FunctionKey, id: string, content: string): TestEventRecord {
    return this.#db.change(keyText(key), () => {
      this.#update.run(content, Date.now(), this.#ids.get(key), id);
      const record = this.find(key, id);
      if (record === undefined) throw new MissingError(`There is no test event ${id} of ${keyText(key)}.`);
      return record;
    });
  }

  delete(key: FunctionKey, id: string): void {
    const functionId = this.#ids.find(key);
    if (functionId !== undefined) this.#db.change(keyText(key), () => this.#delete.run(functionId, id));
  }
}
