import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { syncFolder } from "./sync-folder.ts";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals text at rest with AES-256-GCM under the key file of the data folder. */
export class SecretBox {
  readonly #key: KeyObject;

  constructor(key: KeyObject) {
    this.#key = key;
  }

  /** A box with a key of its own for one purpose: what one box seals, the other does not open. */
  derive(purpose: string): SecretBox {
    const key = hkdfSync("sha256", this.#key, "", `fungraph ${purpose}`, KEY_BYTES);
    return new SecretBox(createSecretKey(Buffer.from(key)));
  }

  /** `owner` is bound to the sealed bytes: what was sealed for one owner does not open for another. */
  seal(text: string, owner: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the bytes were sealed under another key or for another owner. */
  open(sealed: Uint8Array, owner: string): string {
    const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner));
    decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      const text = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, "utf8");
      return text + decipher.final("utf8");
    } catch (error) {
      throw new Error(
        `The secrets of ${owner} cannot be read with this data folder's key file. Put back the file "key" that belongs to "store.db".`,
        { cause: error },
      );
    }
  }
}

/** The box of a data folder; makes the key file (mode 0600) on first use. The caller holds the folder's lock. */
export function openSecretBox(dataDir: string): SecretBox {
  const file = join(dataDir, "key");
  return boxOf(readKey(file) ?? createKey(file), file);
}

/** The box of a key file that several processes share. Throws a sentence when it is missing. */
export function readSecretBox(file: string): SecretBox {
  const key = readKey(file);
  if (key !== undefined) return boxOf(key, file);
  throw new Error(
    `There is no key file ${file}. Make one of ${KEY_BYTES} random bytes, for example with "head -c ${KEY_BYTES} /dev/urandom > ${file}", and give every process of the platform the same.`,
  );
}

function boxOf(key: Buffer, file: string): SecretBox {
  if (key.length === KEY_BYTES) return new SecretBox(createSecretKey(key));
  throw new Error(
    `The key file ${file} has ${key.length} bytes, it must have ${KEY_BYTES}. Put back its copy.`,
  );
}

function readKey(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function createKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  const draft = `${file}.tmp`;
  rmSync(draft, { force: true });
  const handle = openSync(draft, "wx", 0o600);
  try {
    writeSync(handle, key);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
  // What is sealed must never be on the disk before the key that opens it.
  syncFolder(dirname(file));
  return key;
}
