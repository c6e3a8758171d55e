import type { Role } from "../../model/api/access.ts";

/** What functions and their triggers belong to; nothing crosses from one to another. */
export interface Project {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
}

/** A role that holds in one project. */
export interface Grant {
  readonly projectId: string;
  readonly role: Role;
}

/** Somebody who signs in with a password. */
export interface User {
  readonly id: string;
  readonly name: string;
  /** scrypt with its parameters and salt; the password itself is kept nowhere. */
  readonly passwordHash: string;
  readonly grants: readonly Grant[];
  /** May make projects, users and key pairs. */
  readonly administrator: boolean;
  /** Epoch milliseconds; tokens from before are void. */
  readonly changedAt: number;
}

/** A role that functions of a project may act in. */
export interface Agency {
  readonly projectId: string;
  readonly name: string;
  readonly role: Role;
}

/** Projects, users, agencies, and the seal of tokens. */
export interface AccessStore {
  listProjects(): Project[];
  /** Throws ConflictError for a taken name. */
  createProject(project: Project): void;
  listUsers(): User[];
  /** Creates a user, or replaces the one of that name. */
  putUser(user: User): void;
  deleteUser(name: string): void;
  listAgencies(): Agency[];
  /** Creates an agency, or replaces the one of that name. */
  putAgency(agency: Agency): void;
  deleteAgency(projectId: string, name: string): void;
  /** A token that only this store opens; nothing of it is kept. */
  sealToken(content: string): string;
  /** The content; undefined for what this store did not seal. */
  openToken(token: string): string | undefined;
}
