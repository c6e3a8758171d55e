import type { StatementSync } from "node:sqlite";

import type { AsyncConfig, AsyncConfigRecord, AsyncConfigStore } from "../async-configs.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

interface ConfigRow {
  readonly qualifier: string;
  readonly config: string;
  readonly created_at: number;
  readonly modified_at: number;
}

/** Settings for asynchronous calls, one row a version or alias. */
export class SqliteAsyncConfigs implements AsyncConfigStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #put: StatementSync;
  readonly #select: StatementSync;
  readonly #list: StatementSync;
  readonly #delete: StatementSync;
  readonly #record: StatementSync;
  /** Projects with records of everything. */
  readonly #recorded: Set<string>;

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
    this.#put =
      db.prepare(`INSERT INTO async_configs (function_id, qualifier, config, created_at, modified_at)
      VALUES (:functionId, :qualifier, :config, :now, :now)
      ON CONFLICT DO UPDATE SET config = excluded.config, modified_at = excluded.modified_at
      RETURNING qualifier, config, created_at, modified_at`);
    const select =
      "SELECT qualifier, config, created_at, modified_at FROM async_configs WHERE function_id = ?";
    this.#select = db.prepare(`${select} AND qualifier = ?`);
    this.#list = db.prepare(`${select} ORDER BY qualifier`);
    this.#delete = db.prepare("DELETE FROM async_configs WHERE function_id = ? AND qualifier = ?");
    this.#record = db.prepare("INSERT OR IGNORE INTO async_recording (project) VALUES (?)");
    const recorded = db.prepare("SELECT project FROM async_recording").all() as { project: string }[];
    this.#recorded = new Set(recorded.map(({ project }) => project));
  }

  put(key: FunctionKey, qualifier: string, config: AsyncConfig): AsyncConfigRecord {
    return this.#db.change(keyText(key), () => {
      const values = {
        functionId: this.#ids.get(key),
        qualifier,
        config: JSON.stringify(config),
        now: Date.now(),
      };
      return read(key, this.#put.get(values) as unknown as ConfigRow);
    });
  }

  find(key: FunctionKey, qualifier: string): AsyncConfigRecord | undefined {
    const id = this.#ids.find(key);
    const row = id === undefined ? undefined : (this.#select.get(id, qualifier) as ConfigRow | undefined);
    return row && read(key, row);
  }

  list(key: FunctionKey): AsyncConfigRecord[] {
    const id = this.#ids.find(key);
    return id === undefined
      ? []
      : (this.#list.all(id) as unknown as ConfigRow[]).map((row) => read(key, row));
  }

  recordAll(projectId: string): void {
    this.#db.transact(() => this.#record.run(projectId));
    this.#recorded.add(projectId);
  }

  recordsAll(projectId: string): boolean {
    return this.#recorded.has(projectId);
  }

  delete(key: FunctionKey, qualifier: string): void {
    const id = this.#ids.find(key);
    if (id !== undefined) this.#db.change(keyText(key), () => this.#delete.run(id, qualifier));
  }
}

function read(key: FunctionKey, row: ConfigRow): AsyncConfigRecord {
  return {
    key,
    qualifier: row.qualifier,
    config: JSON.parse(row.config) as AsyncConfig,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
  };
}
