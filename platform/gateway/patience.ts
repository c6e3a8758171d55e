const PERIOD_MS = 50;

/** Someone who waits for an answer until a time of his own, shorter than the function's. */
export interface Patient {
  /** performance.now() after which he does not wait any more. */
  readonly until: number;
  giveUp(): void;
}

/** Looks after callers whose patience ends before the function's time does; one timer for all. */
export class Patience {
  readonly #waiting = new Set<Patient>();
  #timer: NodeJS.Timeout | undefined;

  watch(patient: Patient): void {
    this.#waiting.add(patient);
    // Timers come before what sockets have brought: an answer that is there is given first.
    this.#timer ??= setInterval(() => setImmediate(() => this.#sweep()), PERIOD_MS).unref();
  }

  forget(patient: Patient): void {
    this.#waiting.delete(patient);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #sweep(): void {
    const now = performance.now();
    for (const patient of this.#waiting) {
      if (patient.until > now) continue;
      this.#waiting.delete(patient);
      patient.giveUp();
    }
    if (this.#waiting.size === 0) this.close();
  }
}
