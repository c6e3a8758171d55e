import type { StatementSync } from "node:sqlite";

import { LATEST } from "../../../model/version.ts";
import type { FunctionRecord, VersionStore } from "../functions.ts";
import { ConflictError, MissingError } from "../errors.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";
import { SELECT_RECORD, type RecordCodec, type RecordRow } from "./record.ts";

/** Published versions: copies of the `latest` row, made inside the database. */
export class SqliteVersions implements VersionStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #codec: RecordCodec;
  readonly #publish: StatementSync;
  readonly #select: StatementSync;
  readonly #list: StatementSync;
  readonly #deletions: readonly StatementSync[];

  constructor(db: Database, ids: FunctionIds, codec: RecordCodec) {
    this.#db = db;
    this.#ids = ids;
    this.#codec = codec;
    this.#publish = db.prepare(`INSERT INTO versions
      (function_id, name, description, spec, secrets, code_type, code_size, code_digest, code_filename, revision, created_at, modified_at)
      SELECT function_id, :version, :description, spec, secrets, code_type, code_size, code_digest, code_filename, revision, :now, :now
      FROM versions WHERE function_id = :functionId AND name = '${LATEST}'`);
    const ofFunction = `${SELECT_RECORD} WHERE f.project = ? AND f.package = ? AND f.name = ?`;
    this.#select = db.prepare(`${ofFunction} AND v.name = ?`);
    this.#list = db.prepare(`${ofFunction} ORDER BY v.name = '${LATEST}' DESC, v.id DESC`);
    const naming = `function_id = :functionId AND
      (json_extract(spec, '$.version') = :version OR json_extract(spec, '$.additional.version') = :version)`;
    const aliases = `SELECT '!' || name FROM aliases WHERE ${naming}`;
    this.#deletions = [
      `DELETE FROM triggers WHERE function_id = :functionId AND (qualifier = :version OR qualifier IN (${aliases}))`,
      `DELETE FROM async_configs WHERE function_id = :functionId AND (qualifier = :version OR qualifier IN (${aliases}))`,
      `DELETE FROM reserved_instances WHERE function_id = :functionId AND (qualifier = :version OR qualifier IN (${aliases}))`,
      `DELETE FROM aliases WHERE ${naming}`,
      `DELETE FROM versions WHERE function_id = :functionId AND name = :version`,
    ].map((sql) => db.prepare(sql));
  }

  publish(key: FunctionKey, version: string, description: string): FunctionRecord {
    return this.#db.change(keyText(key), () => {
      const functionId = this.#ids.get(key);
      if (this.find(key, version) !== undefined)
        throw new ConflictError(`The version ${version} exists already.`);
      this.#publish.run({ functionId, version, description, now: Date.now() });
      const record = this.find(key, version);
      if (record === undefined) throw new MissingError(`There is no function ${keyText(key)}.`);
      return record;
    });
  }

  find(key: FunctionKey, version: string): FunctionRecord | undefined {
    const row = this.#select.get(key.projectId, key.package, key.name, version) as RecordRow | undefined;
    return row && this.#codec.read(row);
  }

  list(key: FunctionKey): FunctionRecord[] {
    const rows = this.#list.all(key.projectId, key.package, key.name) as unknown as RecordRow[];
    return rows.map((row) => this.#codec.read(row));
  }

  delete(key: FunctionKey, version: string): void {
    if (version === LATEST) throw new Error("latest goes with its function only.");
    const functionId = this.#ids.find(key);
    if (functionId === undefined) return;
    this.#db.change(keyText(key), () => {
      for (const statement of this.#deletions) statement.run({ functionId, version });
    });
  }
}
