import { randomBytes, type KeyObject } from "node:crypto";

import type { Role } from "../../model/api/access.ts";
import { signingKey } from "../../model/signature.ts";
import type { Project } from "../store/access.ts";
import type { Credential, CredentialStore } from "../store/credentials.ts";
import type { Principal } from "./principal.ts";
import { randomText } from "./random-text.ts";

/** A principal with its secret in the form that verifies fastest. */
export interface Signer extends Principal {
  readonly accessKey: string;
  readonly key: KeyObject;
}

/** The project of an embedded platform. */
const DEFAULT_PROJECT = "default";

/** Every key pair in memory, by access key. A first start makes the default project with one administrator's pair. */
export class Credentials {
  readonly #store: CredentialStore;
  readonly #signers = new Map<string, Signer>();
  readonly #default: Credential;

  constructor(store: CredentialStore) {
    this.#store = store;
    const stored = store.list();
    this.#default =
      stored.find((one) => one.projectName === DEFAULT_PROJECT && one.administrator) ?? createDefault(store);
    for (const credential of [this.#default, ...stored]) this.#remember(credential);
  }

  /** Reads anew what another process may have changed. */
  read(): void {
    const stored = this.#store.list();
    this.#signers.clear();
    for (const credential of stored) this.#remember(credential);
  }

  find(accessKey: string): Signer | undefined {
    return this.#signers.get(accessKey);
  }

  /** The key pairs of a project; secret keys are told only when a pair is made. */
  list(projectId: string): readonly Signer[] {
    return [...this.#signers.values()].filter((one) => one.projectId === projectId);
  }

  /** A new pair: the one time that its secret key is told. */
  create(project: Project, role: Role): Credential {
    const credential = { ...newPair(), ...owned(project), role, administrator: false };
    this.#store.add(credential);
    this.#remember(credential);
    return credential;
  }

  /** True for the secret key of a pair; takes as long for a wrong one. */
  proves(signer: Signer, secretKey: string): boolean {
    return signer.key.equals(signingKey(secretKey));
  }

  delete(accessKey: string): void {
    this.#store.delete(accessKey);
    this.#signers.delete(accessKey);
  }

  /** The pair of the default project, to be shown to the owner of the machine. */
  get default(): Credential {
    return this.#default;
  }

  #remember(credential: Credential): void {
    const { accessKey, secretKey, projectId, projectName, role, administrator } = credential;
    const principal = { name: accessKey, projectId, projectName, role, administrator };
    this.#signers.set(accessKey, { ...principal, accessKey, key: signingKey(secretKey) });
  }
}

function createDefault(store: CredentialStore): Credential {
  const project = { id: randomBytes(16).toString("hex"), name: DEFAULT_PROJECT };
  const role: Role = "FunctionGraph FullAccess";
  const credential = { ...newPair(), ...owned(project), role, administrator: true };
  store.add(credential);
  return credential;
}

function newPair(): Pick<Credential, "accessKey" | "secretKey"> {
  return { accessKey: randomText(20), secretKey: randomText(40) };
}

function owned({ id, name }: Project): Pick<Credential, "projectId" | "projectName"> {
  return { projectId: id, projectName: name };
}
