/** Someone with calls that wait only because the account runs as many as it may. */
interface Starved {
  /** Hands over waiting calls as far as there is room. */
  pull(): void;
}

/** Counts the calls that one account has at instances (guide 1.6: concurrent executions). */
export class Admission {
  readonly limit: number;
  readonly #starved = new Set<Starved>();
  running = 0;

  /** @param limit calls at the same time */
  constructor(limit: number) {
    this.limit = limit;
  }

  get open(): boolean {
    return this.running < this.limit;
  }

  /** Has `one` called when there is room again. */
  wait(one: Starved): void {
    this.#starved.add(one);
  }

  leave(): void {
    this.running--;
    if (this.#starved.size === 0) return;
    for (const one of this.#starved) {
      if (!this.open) return;
      this.#starved.delete(one);
      one.pull();
    }
  }
}
