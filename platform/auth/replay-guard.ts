import { type AuthRefusal, unauthorized } from "./refusal.ts";

/** Equal requests of one second are signed alike; honest ones come within so many milliseconds of each other. */
const TOGETHER_MS = 5000;
/** Signatures that are remembered, about 20 MB. */
const REMEMBERED = 100_000;

interface Seen {
  /** When it came first. */
  readonly firstAt: number;
  /** The date that it was signed with. */
  readonly signedAt: number;
}

/**
 * Refuses signatures that were used before, so that a captured request cannot be sent again: one that comes more than
 * 5 s after its first sight is a replay. What is not remembered any more — because the memory is full, or because the
 * platform started since — is refused by its date, so a replay never passes.
 */
export class ReplayGuard {
  readonly #ageMs: number;
  readonly #seen = new Map<string, Seen>();
  /** Signatures of this date and before are remembered or refused. */
  #forgottenUntil: number;

  /** `ageMs`: how long after its date a signature is good at all. */
  constructor(ageMs: number, startedAt: number) {
    this.#ageMs = ageMs;
    this.#forgottenUntil = startedAt - TOGETHER_MS;
  }

  /** Remembers a signature that was found right; a refusal when it is used again. */
  check(signature: string, signedAt: number, now: number): AuthRefusal | undefined {
    const seen = this.#seen.get(signature);
    if (seen !== undefined) return now - seen.firstAt <= TOGETHER_MS ? undefined : replayed();
    if (signedAt <= this.#forgottenUntil) return forgotten(signedAt);
    this.#forget(now);
    this.#seen.set(signature, { firstAt: now, signedAt });
    return undefined;
  }

  /** Oldest first: what is refused by its age anyway, and what is beyond the memory. */
  #forget(now: number): void {
    for (const [signature, { signedAt }] of this.#seen) {
      const full = this.#seen.size >= REMEMBERED;
      if (!full && now - signedAt <= this.#ageMs) return;
      this.#seen.delete(signature);
      if (full) this.#forgottenUntil = Math.max(this.#forgottenUntil, signedAt);
    }
  }
}

function replayed(): AuthRefusal {
  return unauthorized("This very request was received before. Sign every request anew, with the time it is.");
}

function forgotten(signedAt: number): AuthRefusal {
  return unauthorized(
    `The request was signed at ${new Date(signedAt).toISOString()}, and the platform cannot tell any more whether it came before. Set the clock and sign again.`,
  );
}
