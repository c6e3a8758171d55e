/** Who holds a turn for longer gives it up: an upload must not keep everybody else waiting. */
const HOLD_MS = 20;
/** The longest pause between two turns. */
const PAUSE_MS = 10;

/**
 * Lets operations begin one after the other. While several wait, a pause comes between two of them, as long as
 * the event loop was busy in the last turn: invocations share it, and a burst of operations gets half of it at most. Who
 * comes alone never waits.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #taken = false;

  /** Runs `work` at its turn. */
  async run<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#taken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#taken = true;
    const began = performance.eventLoopUtilization();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      this.#pass(performance.eventLoopUtilization(began).active);
    };
    const limit = setTimeout(end, HOLD_MS);
    try {
      return await work();
    } finally {
      clearTimeout(limit);
      end();
    }
  }

  #pass(busyMs: number): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken = false;
    else setTimeout(next, Math.min(busyMs, PAUSE_MS));
  }
}
