import type { StatementSync } from "node:sqlite";

import type { OwnedThing, OwnerStore } from "../owners.ts";
import type { Database } from "./database.ts";
import type { FunctionIds } from "./functions.ts";

const FUNCTION = "function_id = :within";
const PROJECT = "project = :within";

/** Where each kind is: its table, what it belongs to, and what names it there. */
const PLACES: Readonly<Record<OwnedThing["kind"], readonly [table: string, within: string, name: string]>> = {
  version: ["versions", FUNCTION, "name"],
  alias: ["aliases", FUNCTION, "name"],
  trigger: ["triggers", FUNCTION, "id"],
  "test-event": ["test_events", FUNCTION, "id"],
  "reserved-instances": ["reserved_instances", FUNCTION, "qualifier"],
  "async-settings": ["async_configs", FUNCTION, "qualifier"],
  facility: ["facilities", PROJECT, "id"],
  agency: ["agencies", PROJECT, "name"],
  dependency: [
    "dependency_versions",
    "dependency_id IN (SELECT id FROM dependencies WHERE owner = :within)",
    "id",
  ],
};

/** Whose things are, in a column of each one's own row. */
export class SqliteOwners implements OwnerStore {
  readonly #db: Database;
  readonly #ids: FunctionIds;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: Database, ids: FunctionIds) {
    this.#db = db;
    this.#ids = ids;
  }

  put(thing: OwnedThing, owner: string): void {
    const row = this.#row(thing);
    if (row === undefined) return;
    const { table, where, values } = row;
    this.#db.write(() =>
      this.#prepared(`UPDATE ${table} SET owner = :owner WHERE ${where}`).run({ ...values, owner }),
    );
  }

  find(thing: OwnedThing): string | undefined {
    const row = this.#row(thing);
    if (row === undefined) return undefined;
    const { table, where, values } = row;
    const found = this.#prepared(`SELECT owner FROM ${table} WHERE ${where}`).get(values);
    return (found as { owner: string | null } | undefined)?.owner ?? undefined;
  }

  #row({
    kind,
    within,
    name,
  }: OwnedThing):
    | { readonly table: string; readonly where: string; readonly values: Record<string, string | number> }
    | undefined {
    const [table, scope, column] = PLACES[kind];
    const id = typeof within === "string" ? within : this.#ids.find(within);
    return id === undefined
      ? undefined
      : { table, where: `${scope} AND ${column} = :name`, values: { within: id, name } };
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
