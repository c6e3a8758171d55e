import type { StatementSync } from "node:sqlite";

import type { ReservedInstancesSpec } from "../../../model/reserved-instances.ts";
import type { ReservedInstancesRecord, ReservedInstanceStore } from "../reserved-instances.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

interface ReservedRow {
  readonly project: string;
  readonly package: string;
  readonly name: string;
  readonly qualifier: string;
  readonly spec: string;
}

const SELECT = `SELECT f.project, f.package, f.name, r.qualifier, r.spec
  FROM reserved_instances r JOIN functions f ON f.id = r.function_id`;
const ORDER = "ORDER BY f.project, f.package, f.name, r.qualifier";

/** Reserved instances, one row a version or alias. */
export class SqliteReservedInstances implements ReservedInstanceStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
    this.#put = db.prepare(`INSERT INTO reserved_instances (function_id, qualifier, spec) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET spec = excluded.spec`);
    this.#delete = db.prepare("DELETE FROM reserved_instances WHERE function_id = ? AND qualifier = ?");
    this.#list = db.prepare(`${SELECT} WHERE r.function_id = ? ${ORDER}`);
    this.#all = db.prepare(`${SELECT} WHERE :project IS NULL OR f.project = :project ${ORDER}`);
  }

  put(key: FunctionKey, qualifier: string, spec: ReservedInstancesSpec): void {
    this.#db.change(keyText(key), () => this.#put.run(this.#ids.get(key), qualifier, JSON.stringify(spec)));
  }

  delete(key: FunctionKey, qualifier: string): void {
    const id = this.#ids.find(key);
    if (id !== undefined) this.#db.change(keyText(key), () => this.#delete.run(id, qualifier));
  }

  list(key: FunctionKey): ReservedInstancesRecord[] {
    const id = this.#ids.find(key);
    return id === undefined ? [] : (this.#list.all(id) as unknown as ReservedRow[]).map(read);
  }

  all(projectId?: string): ReservedInstancesRecord[] {
    return (this.#all.all({ project: projectId ?? null }) as unknown as ReservedRow[]).map(read);
  }
}

function read(row: ReservedRow): ReservedInstancesRecord {
  return {
    key: { projectId: row.project, package: row.package, name: row.name },
    qualifier: row.qualifier,
    spec: JSON.parse(row.spec) as ReservedInstancesSpec,
  };
}
