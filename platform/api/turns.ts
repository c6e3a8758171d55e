/** Who holds a turn for longer gives it up: an upload must not keep everybody else waiting. */
const HOLD_MS = 20;
/** So much longer than the event loop was busy in a turn is the pause after it: a quarter of the loop is for operations. */
const PAUSE_SHARE = 3;
/** The longest pause between two turns. */
const PAUSE_MS = 20;

/**
 * Lets operations begin one after the other. While several wait, a pause comes between two of them, that
 * follows from how long the event loop was busy in the last turn: invocations share it, and the busier it is, the less of it
 * a burst of operations gets. Who comes alone never waits.
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
    else setTimeout(next, Math.min(busyMs * PAUSE_SHARE, PAUSE_MS));
  }
}
