import type { StatementSync } from "node:sqlite";
import { ConflictError } from "../errors.ts";
import type { Facility, FacilityKind, FacilityStore } from "../facilities.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly id: string;
  readonly project: string;
  readonly spec: string;
}

/** So many users of one are named. */
const SHOWN = 5;

/** What functions are placed in, one row each. */
export class SqliteFacilities implements FacilityStore {
  readonly #db: Database;
  readonly #all: StatementSync;
  readonly #find: StatementSync;
  readonly #named: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #users: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#all = db.prepare("SELECT id, project, spec FROM facilities WHERE kind = ? ORDER BY name, id");
    this.#find = db.prepare("SELECT id, project, spec FROM facilities WHERE kind = ? AND id = ?");
    this.#named = db.prepare("SELECT id FROM facilities WHERE project = ? AND kind = ? AND name = ?");
    this.#put = db.prepare(`INSERT INTO facilities (id, project, kind, name, spec) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name, spec = excluded.spec`);
    this.#delete = db.prepare("DELETE FROM facilities WHERE kind = ? AND id = ?");
    this.#users = db.prepare(`SELECT f.name || ':' || v.name AS user
      FROM versions v JOIN functions f ON f.id = v.function_id
      WHERE :id IN (v.spec ->> '$.network.vpcId', v.spec ->> '$.network.subnetId')
        OR EXISTS (SELECT 1 FROM json_each(v.spec, '$.fileSystems.mounts') m WHERE m.value ->> '$.fileSystemId' = :id)
      ORDER BY 1 LIMIT ${SHOWN}`);
  }

  all<Kind extends FacilityKind>(kind: Kind): Facility<Kind>[] {
    return (this.#all.all(kind) as unknown as Row[]).map((row) => toFacility<Kind>(row));
  }

  find<Kind extends FacilityKind>(kind: Kind, id: string): Facility<Kind> | undefined {
    const row = this.#find.get(kind, id) as unknown as Row | undefined;
    return row && toFacility<Kind>(row);
  }

  put<Kind extends FacilityKind>(kind: Kind, { id, projectId, spec }: Facility<Kind>): void {
    const { name } = spec;
    this.#db.transact(() => {
      const named = this.#named.get(projectId, kind, name) as { id: string } | undefined;
      if (named !== undefined && named.id !== id)
        throw new ConflictError(
          `The project has a ${kind} named ${JSON.stringify(name)}. Choose another name.`,
        );
      this.#put.run(id, projectId, kind, name, JSON.stringify(spec));
    });
  }

  delete(kind: FacilityKind, id: string): void {
    this.#db.transact(() => this.#delete.run(kind, id));
  }

  users(id: string): string[] {
    return (this.#users.all({ id }) as unknown as { user: string }[]).map(({ user }) => user);
  }
}

function toFacility<Kind extends FacilityKind>({ id, project, spec }: Row): Facility<Kind> {
  return { id, projectId: project, spec: JSON.parse(spec) as Facility<Kind>["spec"] };
}
