/** Who holds a turn for longer gives it up: an upload must not keep everybody else waiting. */
const HOLD_MS = 20;
/** The longest pause between two turns. */
const PAUSE_MS = 10;

/**
 * Lets operations begin one after the other. While several wait, a pause as long as the last turn comes between two of
 * them: invocations share the event loop, and a burst of operations gets half of it at most. Who comes alone never waits.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Runs `work` at its turn. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    const began = performance.now();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#pass(performance.now() - began);
    };
    const limit = setTimeout(end, HOLD_MS);
    try {
      return await work();
    } finally {
      clearTimeout(limit);
      end();
    }
  }

  #pass(tookMs: number): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else setTimeout(next, Math.min(tookMs, PAUSE_MS));
  }
}
