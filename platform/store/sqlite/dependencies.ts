import { randomUUID } from "node:crypto";
import type { StatementSync } from "node:sqlite";

import type { DependencyVersion } from "../../../model/dependency.ts";
import type { DependencyDraft, DependencyStore } from "../dependencies.ts";
import { MissingError } from "../errors.ts";
import type { Database } from "./database.ts";

interface Row extends Omit<DependencyVersion, "spec"> {
  readonly name: string;
  readonly runtime: string;
  readonly description: string;
}

const SELECT = `SELECT v.id, d.id AS dependencyId, d.owner, d.name, v.runtime, v.description, v.version, v.digest, v.etag, v.size,
  v.modified_at AS modifiedAt FROM dependency_versions v JOIN dependencies d ON d.id = v.dependency_id`;
const NEWEST = "v.version = (SELECT MAX(version) FROM dependency_versions WHERE dependency_id = d.id)";

/** Dependencies and their versions. */
export class SqliteDependencies implements DependencyStore {
  readonly #db: Database;
  readonly #known = new Map<string, DependencyVersion>();
  readonly #insert: StatementSync;
  readonly #number: StatementSync;
  readonly #insertVersion: StatementSync;
  readonly #version: StatementSync;
  readonly #find: StatementSync;
  readonly #named: StatementSync;
  readonly #list: StatementSync;
  readonly #versions: StatementSync;
  readonly #rename: StatementSync;
  readonly #users: StatementSync;
  readonly #deletions: readonly StatementSync[];

  constructor(db: Database) {
    this.#db = db;
    db.onTakenOver((tables) => {
      if (tables.has("dependencies") || tables.has("dependency_versions")) this.#known.clear();
    });
    this.#insert = db.prepare(
      "INSERT INTO dependencies (id, owner, name, last_version) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
    );
    this.#number = db.prepare(
      "UPDATE dependencies SET last_version = last_version + 1 WHERE owner = ? AND name = ? RETURNING id, last_version AS version",
    );
    this.#insertVersion = db.prepare(`INSERT INTO dependency_versions
      (id, dependency_id, version, runtime, description, digest, etag, size, modified_at)
      VALUES (:id, :dependencyId, :version, :runtime, :description, :digest, :etag, :size, :now)`);
    this.#version = db.prepare(`${SELECT} WHERE v.id = ?`);
    this.#find = db.prepare(`${SELECT} WHERE d.id = ? AND ${NEWEST}`);
    this.#named = db.prepare(`${SELECT} WHERE d.owner = ? AND d.name = ? AND ${NEWEST}`);
    this.#list = db.prepare(
      `${SELECT} WHERE d.owner IN (SELECT value FROM json_each(?)) AND ${NEWEST} ORDER BY d.name, d.owner`,
    );
    this.#versions = db.prepare(`${SELECT} WHERE d.id = ? ORDER BY v.version DESC`);
    this.#rename = db.prepare("UPDATE dependencies SET name = ? WHERE id = ?");
    this.#users =
      db.prepare(`SELECT DISTINCT f.project || '/' || f.package || '/' || f.name AS key FROM versions v
      JOIN functions f ON f.id = v.function_id, json_each(v.spec, '$.dependencies') used
      WHERE used.value IN (SELECT value FROM json_each(?)) ORDER BY key`);
    this.#deletions = [
      db.prepare("DELETE FROM dependency_versions WHERE id IN (SELECT value FROM json_each(?))"),
      db.prepare("DELETE FROM dependencies WHERE id NOT IN (SELECT dependency_id FROM dependency_versions)"),
    ];
  }

  publish({ owner, spec, digest, etag, size }: DependencyDraft): DependencyVersion {
    return this.#db.transact(() => {
      this.#insert.run(randomUUID(), owner, spec.name);
      const { id: dependencyId, version } = this.#number.get(owner, spec.name) as {
        id: string;
        version: number;
      };
      const { runtime, description } = spec;
      const id = randomUUID();
      const now = Date.now();
      this.#insertVersion.run({ id, dependencyId, version, runtime, description, digest, etag, size, now });
      return { id, dependencyId, owner, spec, version, digest, etag, size, modifiedAt: now };
    });
  }

  find(dependencyId: string): DependencyVersion | undefined {
    return read(this.#find.get(dependencyId));
  }

  named(owner: string, name: string): DependencyVersion | undefined {
    return read(this.#named.get(owner, name));
  }

  list(owners: readonly string[]): DependencyVersion[] {
    return (this.#list.all(JSON.stringify(owners)) as unknown as Row[]).map(fromRow);
  }

  versions(dependencyId: string): DependencyVersion[] {
    return (this.#versions.all(dependencyId) as unknown as Row[]).map(fromRow);
  }

  /** Asked for every function that is read; a version changes in nothing but its dependency's name. */
  version(id: string): DependencyVersion | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = read(this.#version.get(id));
    if (found !== undefined) this.#known.set(id, found);
    return found;
  }

  rename(dependencyId: string, name: string): void {
    this.#known.clear();
    const { changes } = this.#db.transact(() => this.#rename.run(name, dependencyId));
    if (changes === 0) throw new MissingError(`There is no dependency ${dependencyId}.`);
  }

  users(versionIds: readonly string[]): string[] {
    const rows = this.#users.all(JSON.stringify(versionIds)) as unknown as { key: string }[];
    return rows.map((row) => row.key);
  }

  delete(versionIds: readonly string[]): void {
    this.#known.clear();
    const [versions, empty] = this.#deletions;
    this.#db.transact(() => {
      versions?.run(JSON.stringify(versionIds));
      empty?.run();
    });
  }
}

function read(row: unknown): DependencyVersion | undefined {
  return row === undefined ? undefined : fromRow(row as Row);
}

function fromRow({ name, runtime, description, ...row }: Row): DependencyVersion {
  return { ...row, spec: { name, runtime, description } };
}
