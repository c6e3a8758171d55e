import type { StatementSync } from "node:sqlite";

import type { AccessStore, Agency, Grant, Project, User } from "../access.ts";
import type { SecretBox } from "../secrets.ts";
import type { Database } from "./database.ts";

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly password_hash: string;
  readonly grants: string;
  readonly administrator: number;
  readonly changed_at: number;
}

const OWNER = "token";

/** Projects, users and agencies; tokens are sealed under a key of their own that follows from the key file. */
export class SqliteAccess implements AccessStore {
  readonly #db: Database;
  readonly #box: SecretBox;
  readonly #projects: StatementSync;
  readonly #insertProject: StatementSync;
  readonly #users: StatementSync;
  readonly #putUser: StatementSync;
  readonly #deleteUser: StatementSync;
  readonly #agencies: StatementSync;
  readonly #putAgency: StatementSync;
  readonly #deleteAgency: StatementSync;

  constructor(db: Database, box: SecretBox) {
    this.#db = db;
    this.#box = box.derive(OWNER);
    this.#projects = db.prepare("SELECT id, name FROM projects ORDER BY name");
    this.#insertProject = db.prepare("INSERT INTO projects (id, name) VALUES (?, ?)");
    this.#users = db.prepare("SELECT * FROM users ORDER BY name");
    this.#putUser =
      db.prepare(`INSERT OR REPLACE INTO users (id, name, password_hash, grants, administrator, changed_at)
      VALUES (?, ?, ?, ?, ?, ?)`);
    this.#deleteUser = db.prepare("DELETE FROM users WHERE name = ?");
    this.#agencies = db.prepare("SELECT project AS projectId, name, role FROM agencies ORDER BY name");
    this.#putAgency = db.prepare(`INSERT INTO agencies (project, name, role) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET role = excluded.role`);
    this.#deleteAgency = db.prepare("DELETE FROM agencies WHERE project = ? AND name = ?");
  }

  listProjects(): Project[] {
    return this.#projects.all() as unknown as Project[];
  }

  createProject({ id, name }: Project): void {
    this.#db.transact(() => this.#insertProject.run(id, name));
  }

  listUsers(): User[] {
    return (this.#users.all() as unknown as UserRow[]).map((row) => ({
      id: row.id,
      name: row.name,
      passwordHash: row.password_hash,
      grants: JSON.parse(row.grants) as Grant[],
      administrator: row.administrator === 1,
      changedAt: row.changed_at,
    }));
  }

  putUser({ id, name, passwordHash, grants, administrator, changedAt }: User): void {
    const flag = administrator ? 1 : 0;
    this.#db.transact(() =>
      this.#putUser.run(id, name, passwordHash, JSON.stringify(grants), flag, changedAt),
    );
  }

  deleteUser(name: string): void {
    this.#db.transact(() => this.#deleteUser.run(name));
  }

  listAgencies(): Agency[] {
    return this.#agencies.all() as unknown as Agency[];
  }

  putAgency({ projectId, name, role }: Agency): void {
    this.#db.transact(() => this.#putAgency.run(projectId, name, role));
  }

  deleteAgency(projectId: string, name: string): void {
    this.#db.transact(() => this.#deleteAgency.run(projectId, name));
  }

  sealToken(content: string): string {
    return this.#box.seal(content, OWNER).toString("base64url");
  }

  openToken(token: string): string | undefined {
    try {
      return this.#box.open(Buffer.from(token, "base64url"), OWNER);
    } catch {
      return undefined; // whatever is wrong with it, it is no token of ours
    }
  }
}
