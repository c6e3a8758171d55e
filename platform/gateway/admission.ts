/** Someone with calls that wait only because the account runs as many as it may. */
interface Starved {
  readonly share: Share;
  /** Hands over waiting calls as far as there is room. */
  pull(): void;
}

/** Part of the places that are kept for functions without a call, so that a busy one does not hold them all. */
const KEPT_PART = 0.1;
/** A function counts as one that calls may come for until this long after its last. */
const LATELY_MS = 60_000;

/**
 * Counts the calls that one account has at instances (guide 1.6: concurrent executions), and shares the places among its functions: who waits
 * takes turns, and for each function that had calls lately and has none now a place is kept, up to a tenth of all. So a busy function may
 * take every place when it is alone, and the first call of another finds one all the same.
 */
export class Admission {
  #limit: number;
  readonly #shares = new Map<string, Share>();
  readonly #starved = new Set<Starved>();
  running = 0;
  /** Functions that had calls lately and have none at instances. */
  quiet = 0;

  /** @param limit calls at the same time */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Calls that run go on, also where they are more than that now. */
  set limit(limit: number) {
    this.#limit = limit;
    this.offer();
  }

  /** The part of one function, the same for all its lanes. */
  share(functionKey: string): Share {
    let share = this.#shares.get(functionKey);
    if (share === undefined) this.#shares.set(functionKey, (share = new Share(this)));
    return share;
  }

  /** Calls that a function with some calls at instances leaves room for. */
  get kept(): number {
    const keepable = Math.floor(this.#limit * KEPT_PART);
    return this.quiet < keepable ? this.quiet : keepable;
  }

  /** Has `one` called when there is room again. */
  wait(one: Starved): void {
    this.#starved.add(one);
  }

  /** Hands a free place to whoever waits longest for one and may have it. */
  offer(): void {
    if (this.#starved.size === 0) return;
    for (const one of this.#starved) {
      if (this.running >= this.limit) return;
      if (!one.share.open) continue;
      this.#starved.delete(one);
      one.pull();
    }
  }

  /** Keeps no place any more for functions that had no call for a while. */
  sweep(now: number): void {
    for (const share of this.#shares.values()) share.forget(now - LATELY_MS);
  }
}

/** The calls that one function has at instances. */
export class Share {
  readonly #admission: Admission;
  #running = 0;
  /** performance.now() when the last of its calls ended; 0 while it has some, and when that is long ago. */
  #quietSince = 0;

  constructor(admission: Admission) {
    this.#admission = admission;
  }

  /** True when another call may go to an instance. */
  get open(): boolean {
    const { limit, running, kept } = this.#admission;
    return running < (this.#running === 0 ? limit : limit - kept);
  }

  enter(): void {
    this.#admission.running++;
    this.#running++;
    if (this.#quietSince > 0) this.#calm(0);
  }

  leave(now: number): void {
    this.#admission.running--;
    if (--this.#running === 0) this.#calm(now);
    this.#admission.offer();
  }

  /** Has the lane called when there is room again. */
  wait(one: Starved): void {
    this.#admission.wait(one);
  }

  /** No place is kept for it when its last call ended before this time. */
  forget(before: number): void {
    if (this.#quietSince > 0 && this.#quietSince < before) this.#calm(0);
  }

  #calm(since: number): void {
    this.#quietSince = since;
    this.#admission.quiet += since > 0 ? 1 : -1;
  }
}
