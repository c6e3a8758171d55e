import type { Store } from "../store/store.ts";
import { parseKeyText } from "../store/function-key.ts";
import { planReservations, type Plan } from "./reservation-plan.ts";
import type { Scheduler, Wish } from "./scheduler.ts";

/** What the keeper works with. */
export interface ReservationKeeperOptions {
  readonly store: Store;
  readonly scheduler: Pick<Scheduler, "reserve">;
  readonly region: string;
  /** Told what went wrong; the keeper tries again. */
  readonly problem: (error: unknown) => void;
  /** What this process keeps of a number of instances. Default: all. */
  readonly part?: (count: number) => number;
  /** The clock, epoch ms. Default: Date.now. */
  readonly now?: () => number;
}

/** How often the clock is looked at. */
const TICK_MS = 1_000;
const NOTHING: Plan = { wanted: new Map(), functions: new Set(), from: 0, until: 0 };

/**
 * Keeps the instances that are reserved in the store (guide 3.10): tells the scheduler what holds now, at the start and
 * whenever the store or a policy's time changes it. It compares whole plans, so that nothing hangs on a single event.
 */
export class ReservationKeeper {
  readonly #options: Required<ReservationKeeperOptions>;
  #plan = NOTHING;
  /** What the scheduler was told, by the targets' keys. */
  readonly #kept = new Map<string, Wish>();
  #stale = true;
  #working = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReservationKeeperOptions) {
    this.#options = { now: Date.now, part: (count) => count, ...options };
  }

  start(): void {
    const { store } = this.#options;
    store.onChange((key) => {
      // Most changes are to functions that reserve nothing; a burst of them must not be planned for.
      const known = this.#working || this.#plan.functions.has(key);
      if (!known && store.reservedInstances.list(parseKeyText(key)).length === 0) return;
      this.#stale = true;
      if (this.#timer !== undefined) setImmediate(() => void this.#work());
    });
    this.#timer = setInterval(() => void this.#work(), TICK_MS).unref();
    void this.#work();
  }

  /** Plans anew, since what is kept here may be another part. */
  replan(): void {
    this.#stale = true;
    void this.#work();
  }

  /** Says nothing more; what is reserved stays until the scheduler closes. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #work(): Promise<void> {
    const { store, region, problem, now } = this.#options;
    if (this.#working || this.#timer === undefined) return;
    const time = now();
    // A clock that was set back is before the time that the plan was made for.
    if (!this.#stale && time >= this.#plan.from && time < this.#plan.until) return;
    this.#working = true;
    this.#stale = false;
    try {
      this.#apply(await planReservations(store, region, time));
    } catch (error) {
      this.#stale = true;
      problem(error);
    } finally {
      this.#working = false;
    }
  }

  #apply(plan: Plan): void {
    if (this.#timer === undefined) return;
    const { scheduler, part } = this.#options;
    // The new ones first, so that calls find one while the old ones go.
    for (const [key, { target, count, idleMode }] of plan.wanted) {
      const before = this.#kept.get(key);
      const own = part(count);
      if (before?.count !== own || before.idleMode !== idleMode)
        scheduler.reserve(target, { count: own, idleMode });
      this.#kept.set(key, { count: own, idleMode });
    }
    for (const [key, { target }] of this.#plan.wanted)
      if (!plan.wanted.has(key)) {
        scheduler.reserve(target, { count: 0, idleMode: false });
        this.#kept.delete(key);
      }
    this.#plan = plan;
  }
}
