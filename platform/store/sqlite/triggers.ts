import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import type { TriggerSpec } from "../../../model/trigger.ts";
import type { TriggerRecord, TriggerStore } from "../triggers.ts";
import { MissingError } from "../errors.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";
import type { TriggerCodec } from "./trigger-codec.ts";

interface TriggerRow {
  readonly id: string;
  readonly project: string;
  readonly package: string;
  readonly name: string;
  readonly qualifier: string;
  readonly spec: string;
  readonly created_at: number;
  readonly modified_at: number;
}

const SELECT = `SELECT t.id, f.project, f.package, f.name, t.qualifier, t.spec, t.created_at, t.modified_at
  FROM triggers t JOIN functions f ON f.id = t.function_id`;

/** Triggers, in the order they were made. */
export class SqliteTriggers implements TriggerStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #codec: TriggerCodec;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database, ids: FunctionIds, codec: TriggerCodec) {
    this.#db = db;
    this.#ids = ids;
    this.#codec = codec;
    this.#insert = db.prepare(
      "INSERT INTO triggers (id, function_id, qualifier, spec, created_at, modified_at) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#select = db.prepare(`${SELECT} WHERE t.id = ?`);
    this.#list = db.prepare(`${SELECT} WHERE t.function_id = ? ORDER BY t.seq`);
    this.#all = db.prepare(`${SELECT} ORDER BY t.seq`);
    this.#update = db.prepare("UPDATE triggers SET spec = ?, modified_at = ? WHERE id = ?");
    this.#delete = db.prepare("DELETE FROM triggers WHERE id = ?");
  }

  create(key: FunctionKey, qualifier: string, spec: TriggerSpec): TriggerRecord {
    return this.#db.change(keyText(key), () => {
      const id = randomUUID();
      const now = Date.now();
      this.#insert.run(id, this.#ids.get(key), qualifier, this.#codec.write(id, spec), now, now);
      return { id, key, qualifier, spec, createdAt: now, modifiedAt: now };
    });
  }

  find(id: string): TriggerRecord | undefined {
    const row = this.#select.get(id) as TriggerRow | undefined;
    return row && this.#record(row);
  }

  list(key: FunctionKey): TriggerRecord[] {
    const id = this.#ids.find(key);
    return id === undefined
      ? []
      : (this.#list.all(id) as unknown as TriggerRow[]).map((row) => this.#record(row));
  }

  all(): TriggerRecord[] {
    return (this.#all.all() as unknown as TriggerRow[]).map((row) => this.#record(row));
  }

  update(id: string, spec: TriggerSpec): TriggerRecord {
    const old = this.find(id);
    if (old === undefined) throw new MissingError(`There is no trigger ${id}.`);
    return this.#db.change(keyText(old.key), () => {
      const modifiedAt = Date.now();
      this.#update.run(this.#codec.write(id, spec), modifiedAt, id);
      return { ...old, spec, modifiedAt };
    });
  }

  delete(id: string): void {
    const old = this.find(id);
    if (old !== undefined) this.#db.change(keyText(old.key), () => this.#delete.run(id));
  }

  #record(row: TriggerRow): TriggerRecord {
    return {
      id: row.id,
      key: { projectId: row.project, package: row.package, name: row.name },
      qualifier: row.qualifier,
      spec: this.#codec.read(row.id, row.spec),
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
    };
  }
}
