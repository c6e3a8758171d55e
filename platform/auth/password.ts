import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** Cost of one guess: 2^14 rounds over 16 MB, some tens of milliseconds. */
const COST = { N: 16_384, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
const SALT_BYTES = 16;
/** Hashes that are computed at the same time; each takes 16 MB and a thread. */
const AT_ONCE = 2;
/** Callers that may wait for their turn. */
const WAITING = 50;

/** What was made of a password that fits nobody: comparing with it takes as long as with a real one. */
const NOBODY = `${"A".repeat(22)}.${"A".repeat(43)}`;

/** Hashes passwords with scrypt, a few at a time, so that guessing neither fills the memory nor the thread pool. */
export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** `salt.hash`, both base64url. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return `${salt.toString("base64url")}.${(await this.#derive(password, salt)).toString("base64url")}`;
  }

  /** False for the wrong password, and after as much work for no hash at all; undefined when too many wait already. */
  async matches(password: string, stored: string | undefined): Promise<boolean | undefined> {
    if (this.#waiting.length >= WAITING) return undefined;
    const [salt = "", hash = ""] = (stored ?? NOBODY).split(".");
    const derived = await this.#derive(password, Buffer.from(salt, "base64url"));
    return timingSafeEqual(derived, Buffer.from(hash, "base64url")) && stored !== undefined;
  }

  async #derive(password: string, salt: Buffer): Promise<Buffer> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await new Promise((resolve, reject) =>
        scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error ? reject(error) : resolve(key))),
      );
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
