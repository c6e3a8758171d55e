/** Rows grow old at most so much faster than time goes by. */
const HASTE = 24;
/** However long nobody looked, no look lets go of more than this makes. */
const LONGEST_LOOK_MS = 3_600_000;

/**
 * How long rows are kept that carry times of a clock which somebody may set: a clock that is a month ahead for an hour costs the oldest day, not
 * all there is. What is left of a time when nobody looked is caught up with at that pace.
 */
export class Retention {
  readonly #keptMs: number;
  #looked = performance.now();
  /** Epoch ms; rows from before were to go by now. */
  #reached: number | undefined;

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  /**
   * Rows from before this go now. Epoch ms.
   * @param oldest time of the oldest row that there is
   * @param now default: what the clock says
   */
  end(oldest: number, now = Date.now()): number {
    const time = performance.now();
    const passed = Math.min(time - this.#looked, LONGEST_LOOK_MS);
    this.#looked = time;
    const from = this.#reached ?? oldest;
    // Beyond a gap of that length is another time: of a clock that was wrong, or of a platform that was off.
    const start = oldest - from > this.#keptMs ? oldest : from;
    this.#reached = Math.min(start + passed * HASTE, now - this.#keptMs);
    return this.#reached;
  }
}
