import type { Role } from "../../model/api/access.ts";

/** A project and a key pair that signs for it. */
export interface Credential {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly role: Role;
  /** May make projects, users and key pairs. */
  readonly administrator: boolean;
}

/** Key pairs of all projects; secret keys are encrypted at rest. */
export interface CredentialStore {
  /** Makes the project too when it is missing. */
  add(credential: Credential): void;
  list(): Credential[];
  delete(accessKey: string): void;
}
