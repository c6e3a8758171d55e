import { type AuthRefusal, unauthorized } from "./refusal.ts";

/** Equal requests of one second are signed alike; honest ones come within so many milliseconds of each other. */
const TOGETHER_MS = 5000;
/** Signatures of one generation; two are kept, about 20 MB. */
const GENERATION = 50_000;

/**
 * Refuses signatures that were used before, so that a captured request cannot be sent again: one that comes more than
 * 5 s after its first sight is a replay. What is not remembered any more — because the memory is full, or because the
 * platform started since — is refused by its date, so a replay never passes.
 */
export class ReplayGuard {
  /** When signatures came first. A full generation takes the place of the older one. */
  #young = new Map<string, number>();
  #old: ReadonlyMap<string, number> = new Map();
  /** The latest date that a signature of the generation was made with. */
  #youngUntil = 0;
  #oldUntil = 0;
  /** Signatures of this date and before are remembered or refused. */
  #forgottenUntil: number;

  constructor(startedAt: number) {
    this.#forgottenUntil = startedAt - TOGETHER_MS;
  }

  /** Remembers a signature that was found right; a refusal when it is used again. */
  check(signature: string, signedAt: number, now: number): AuthRefusal | undefined {
    const firstAt = this.#young.get(signature) ?? this.#old.get(signature);
    if (firstAt !== undefined) return now - firstAt <= TOGETHER_MS ? undefined : replayed();
    if (signedAt <= this.#forgottenUntil) return forgotten(signedAt);
    if (this.#young.size >= GENERATION) this.#forgetOld();
    this.#young.set(signature, now);
    this.#youngUntil = Math.max(this.#youngUntil, signedAt);
    return undefined;
  }

  /** Another process may have let signatures in until now: those made before are refused, as after a start. */
  forget(now: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil, now - TOGETHER_MS);
  }

  #forgetOld(): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#oldUntil);
    this.#old = this.#young;
    this.#oldUntil = this.#youngUntil;
    this.#young = new Map();
    this.#youngUntil = 0;
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
