import { randomBytes, type KeyObject } from "node:crypto";

import { signingKey } from "../../model/signature.ts";
import type { Credential, CredentialStore } from "../store/store.ts";

/** Who asks: the project that a key pair signs for. */
export interface Principal {
  readonly accessKey: string;
  readonly projectId: string;
  readonly projectName: string;
}

/** A principal with its secret in the form that verifies fastest. */
export interface Signer extends Principal {
  readonly key: KeyObject;
}

/** The project of an embedded platform. */
const DEFAULT_PROJECT = "default";

/** Every key pair in memory, by access key. A first start makes the default project with one pair. */
export class Credentials {
  readonly #signers = new Map<string, Signer>();
  readonly #default: Credential;

  constructor(store: CredentialStore) {
    const stored = store.list();
    this.#default = stored.find((one) => one.projectName === DEFAULT_PROJECT) ?? createDefault(store);
    for (const credential of [this.#default, ...stored]) this.#remember(credential);
  }

  find(accessKey: string): Signer | undefined {
    return this.#signers.get(accessKey);
  }

  /** The pair of the default project, to be shown to the owner of the machine. */
  get default(): Credential {
    return this.#default;
  }

  #remember({ accessKey, secretKey, projectId, projectName }: Credential): void {
    this.#signers.set(accessKey, { accessKey, projectId, projectName, key: signingKey(secretKey) });
  }
}

function createDefault(store: CredentialStore): Credential {
  const credential = {
    accessKey: randomText(20),
    secretKey: randomText(40),
    projectId: randomBytes(16).toString("hex"),
    projectName: DEFAULT_PROJECT,
  };
  store.add(credential);
  return credential;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Random letters and digits, 5 bits each. */
function randomText(length: number): string {
  return Array.from(randomBytes(length), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
