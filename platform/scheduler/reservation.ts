import type { Instance } from "./instance.ts";
import type { Wish } from "./scheduler.ts";
import type { Target } from "./target.ts";

/** After a failed start a reservation waits, longer each time. */
const RETRY_MS = { first: 1_000, most: 60_000 };

/** Instances that are kept of one revision of a version, and how far that is. */
export class Reservation {
  readonly target: Target;
  wish: Wish;
  /** Reserved instances that live, leased or not. */
  readonly alive = new Set<Instance>();
  /** Of these, those that nobody leased yet. */
  readonly spare: Instance[] = [];
  starting = 0;
  /** Calls of the version go to this revision; stays true when a newer one comes. */
  turned = false;
  /** No start before this time (performance.now()). */
  notBefore = 0;
  pauseMs = 0;
  readonly #since = performance.now();

  constructor(target: Target, wish: Wish) {
    this.target = target;
    this.wish = wish;
  }

  /**
   * True when it may take over: its instances are ready, or it has as many as are left of the revision before. One that cannot start takes
   * over too, so that callers get to know.
   */
  mayTurn(leftBefore: number, afterMs: number): boolean {
    if (this.alive.size >= Math.min(this.wish.count, leftBefore)) return true;
    return this.pauseMs > 0 || performance.now() - this.#since > afterMs;
  }

  /** The first to go: one that nobody leased, or one with few calls. */
  get leastBusy(): Instance | undefined {
    return this.spare[0] ?? [...this.alive].toSorted((one, other) => one.inFlight - other.inFlight)[0];
  }

  /** A start failed. */
  failed(): void {
    this.pauseMs = Math.min(RETRY_MS.most, this.pauseMs * 2 || RETRY_MS.first);
    this.notBefore = performance.now() + this.pauseMs;
  }

  forget(instance: Instance): void {
    instance.reserved = false;
    this.alive.delete(instance);
    const at = this.spare.indexOf(instance);
    if (at !== -1) this.spare.splice(at, 1);
  }
}
