/** Calls seen before anything is handed ahead of time: a few short ones say little. */
const EVIDENCE = 64;
/** The first calls of an instance are slower than those to come. */
const WARM = 16;
/** Before the first start of an instance was seen. */
const START_MS = 100;
/** How fast old measurements fade: one part in this many with each new one. */
const FADE = 32;

/** How long a function's calls and starts take, and what follows for handing over and starting. */
export class Pace {
  #calls = 0;
  /** Slowest recent call in µs; fades slowly, so that one slow call is remembered for a while. */
  #peak = 0;
  /** Average call in µs. */
  #average = 0;
  /** Usual time to a new instance, in ms. */
  startMs = START_MS;
  /** performance.now() until which nothing is handed ahead. */
  #cautiousUntil = 0;

  measured(micros: number): void {
    this.#calls++;
    this.#average += (micros - this.#average) / Math.min(this.#calls, FADE);
    this.#peak = micros > this.#peak ? micros : this.#peak + (micros - this.#peak) / FADE;
  }

  started(tookMs: number): void {
    this.startMs = this.startMs === START_MS ? tookMs : this.startMs + (tookMs - this.startMs) / 4;
  }

  /** An instance died in a call: calls behind it would be held up or lost, so none is handed ahead for a minute. */
  crashed(): void {
    this.#cautiousUntil = performance.now() + 60_000;
  }

  /** Calls that an instance of concurrency 1 may hold: the running one and those ahead. */
  get depth(): number {
    const peak = this.#peak;
    if (this.#calls < EVIDENCE || peak > 6000) return 1;
    if (this.#cautiousUntil > 0 && performance.now() < this.#cautiousUntil) return 1;
    if (peak <= 1000) return 8;
    return peak <= 2500 ? 4 : 2;
  }

  /** Expected wait in ms of the last of `waiting` calls when `slots` work on them; 0 while only cold calls were seen. */
  waitMs(waiting: number, slots: number): number {
    if (this.#calls < WARM) return 0;
    return (this.#average * waiting) / slots / 1000;
  }
}
