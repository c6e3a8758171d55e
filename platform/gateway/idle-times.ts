/** The shortest time that is remembered: a function is never released sooner, so what is shorter decides nothing. */
export const LEAST_MS = 5_000;
/** Each class of times is so much longer than the one before: 5 s to more than a day in 200 of them. */
const RATIO = 1.05;
const CLASSES = 201;
/** A full class halves all of them: old times fade. */
const FULL = 255;

/** How long a function was without calls between two of them, as a histogram of 201 bytes. */
export class IdleTimes {
  readonly #counts: Uint8Array;
  #total: number;

  constructor(counts = new Uint8Array(CLASSES)) {
    this.#counts = counts;
    this.#total = counts.reduce((sum, count) => sum + count, 0);
  }

  /** What `save` wrote; empty when it is none. */
  static read(saved: string): IdleTimes {
    const counts = Buffer.from(saved, "base64");
    return counts.length === CLASSES ? new IdleTimes(new Uint8Array(counts)) : new IdleTimes();
  }

  /** Times that are remembered. */
  get total(): number {
    return this.#total;
  }

  add(ms: number): void {
    if (ms < LEAST_MS) return;
    const at = classOf(ms);
    const count = (this.#counts[at] ?? 0) + 1;
    this.#counts[at] = count;
    this.#total += 1;
    if (count < FULL) return;
    for (const [each, old] of this.#counts.entries()) this.#counts[each] = old >> 1;
    this.#total = this.#counts.reduce((sum, one) => sum + one, 0);
  }

  /**
   * The highest rate (calls a second) at which the next call is to be expected at any time from `from` to `to` ms after the last, given
   * that none came before.
   */
  rate(from: number, to: number): number {
    const [first, last] = [classOf(from), classOf(to)];
    // One more than was seen: it may never be called again.
    let left = 1;
    for (let at = first; at < CLASSES; at++) left += this.#counts[at] ?? 0;
    let highest = 0;
    for (let at = first; at <= last; at++) {
      highest = Math.max(highest, this.#smoothed(at) / (left * widthOf(at)));
      left -= this.#counts[at] ?? 0;
    }
    return highest;
  }

  save(): string {
    return Buffer.from(this.#counts).toString("base64");
  }

  /** Neighbours count too: no pattern keeps to the bounds of a class. */
  #smoothed(at: number): number {
    const counts = this.#counts;
    return ((counts[at - 1] ?? 0) + 2 * (counts[at] ?? 0) + (counts[at + 1] ?? 0)) / 4;
  }
}

function classOf(ms: number): number {
  if (ms <= LEAST_MS) return 0;
  return Math.min(CLASSES - 1, Math.floor(Math.log(ms / LEAST_MS) / Math.log(RATIO)));
}

/** Seconds that a class spans. */
function widthOf(at: number): number {
  return (LEAST_MS * RATIO ** at * (RATIO - 1)) / 1000;
}
