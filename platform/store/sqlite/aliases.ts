import type { StatementSync } from "node:sqlite";

import type { AliasSpec } from "../../../model/alias.ts";
import type { AliasRecord, AliasStore } from "../aliases.ts";
import { ConflictError, MissingError } from "../errors.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

interface AliasRow {
  readonly spec: string;
  readonly modified_at: number;
}

/** Aliases; deleting one deletes its triggers, its settings for asynchronous calls and its reserved instances. */
export class SqliteAliases implements AliasStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #list: StatementSync;
  readonly #update: StatementSync;
  readonly #deletions: readonly StatementSync[];

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
    this.#insert = db.prepare(
      "INSERT INTO aliases (function_id, name, spec, modified_at) VALUES (?, ?, ?, ?)",
    );
    this.#select = db.prepare("SELECT spec, modified_at FROM aliases WHERE function_id = ? AND name = ?");
    this.#list = db.prepare("SELECT spec, modified_at FROM aliases WHERE function_id = ? ORDER BY name");
    this.#update = db.prepare(
      "UPDATE aliases SET spec = ?, modified_at = ? WHERE function_id = ? AND name = ?",
    );
    this.#deletions = [
      "DELETE FROM triggers WHERE function_id = ? AND qualifier = '!' || ?",
      "DELETE FROM async_configs WHERE function_id = ? AND qualifier = '!' || ?",
      "DELETE FROM reserved_instances WHERE function_id = ? AND qualifier = '!' || ?",
      "DELETE FROM aliases WHERE function_id = ? AND name = ?",
    ].map((sql) => db.prepare(sql));
  }

  create(key: FunctionKey, spec: AliasSpec): AliasRecord {
    return this.#db.change(keyText(key), () => {
      const id = this.#ids.get(key);
      if (this.#select.get(id, spec.name)) throw new ConflictError(`The alias ${spec.name} exists already.`);
      const modifiedAt = Date.now();
      this.#insert.run(id, spec.name, JSON.stringify(spec), modifiedAt);
      return { spec, modifiedAt };
    });
  }

  find(key: FunctionKey, name: string): AliasRecord | undefined {
    const id = this.#ids.find(key);
    const row = id === undefined ? undefined : (this.#select.get(id, name) as AliasRow | undefined);
    return row && read(row);
  }

  list(key: FunctionKey): AliasRecord[] {
    const id = this.#ids.find(key);
    return id === undefined ? [] : (this.#list.all(id) as unknown as AliasRow[]).map(read);
  }

  update(key: FunctionKey, spec: AliasSpec): AliasRecord {
    return this.#db.change(keyText(key), () => {
      const modifiedAt = Date.now();
      const { changes } = this.#update.run(JSON.stringify(spec), modifiedAt, this.#ids.get(key), spec.name);
      if (changes === 0) throw new MissingError(`There is no alias ${spec.name} of ${keyText(key)}.`);
      return { spec, modifiedAt };
    });
  }

  delete(key: FunctionKey, name: string): void {
    const id = this.#ids.find(key);
    if (id === undefined) return;
    this.#db.change(keyText(key), () => {
      for (const statement of this.#deletions) statement.run(id, name);
    });
  }
}

function read(row: AliasRow): AliasRecord {
  return { spec: JSON.parse(row.spec) as AliasSpec, modifiedAt: row.modified_at };
}
