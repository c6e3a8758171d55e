import { IdleTimes, LEAST_MS } from "./idle-times.ts";

/** Before so many times between calls were seen, a function is kept for the usual time. */
const EVIDENCE = 5;
/** An instance is started so long before it may be needed; a tenth of the time since the last call when that is less. */
const LEAD_MS = 10_000;
/** The purse holds what the usual time would cost in this many seconds, saved or owed. */
const PURSE_SECONDS = 3_600;
/** The purse is never smaller than for this many GB: where little is used, little can be wasted. */
const LEAST_GB = 0.25;
/** How steeply the price follows the purse. */
const STEEPNESS = 6;
/** Price to begin with: calls a second that a GB of memory must promise. */
const BASE_PRICE = 1 / 60;
/** Functions remembered; beyond it those that were quiet for longest are forgotten. */
const REMEMBERED = 10_000;
const MB_IN_GB = 1024;

/** What is known of the calls of one function version with one memory size. */
export class Habit {
  readonly memoryMb: number;
  readonly times: IdleTimes;
  /** Epoch ms of the end of its last call; 0 while it has calls. */
  quietSince: number;
  /** It should have an instance, although it has no call; by the last tick. */
  wanted = false;

  constructor(memoryMb: number, times = new IdleTimes(), quietSince = 0) {
    this.memoryMb = memoryMb;
    this.times = times;
    this.quietSince = quietSince;
  }

  /** Enough was seen to say when it will be called. */
  get known(): boolean {
    return this.quietSince > 0 && this.times.total >= EVIDENCE;
  }

  /** Calls a second that a GB of its memory promises at `now` and shortly after. */
  promise(now: number): number {
    const quiet = now - this.quietSince;
    return (this.times.rate(quiet, quiet + Math.min(LEAD_MS, quiet / 10)) * MB_IN_GB) / this.memoryMb;
  }

  /** To be told now and then, so that nothing is counted while calls come. @param lastCall epoch ms of the end of the last call */
  observe(now: number, busy: boolean, lastCall: number): void {
    const { quietSince } = this;
    const calledAt = busy ? now : lastCall;
    if (quietSince > 0 && calledAt > quietSince) this.times.add(calledAt - quietSince);
    if (busy) this.quietSince = 0;
    else if (lastCall > quietSince) this.quietSince = lastCall;
  }
}

export interface WarmthOptions {
  /** The usual time: how long an instance without calls is kept when nothing is known. */
  readonly keepMs: number;
  /** Memory that instances without calls may have at any time. */
  readonly mostMb: number;
}

/**
 * Says when a function without calls is worth an instance.
 *
 * A function has one at those times after its last call at which its next is likely, by the times that were seen before: soon after it, around
 * the beat of a regular caller, or not at all. How likely is likely enough is a price, calls a second for each GB: it rises and falls so that
 * all functions together take no more memory over time than if each was kept for the usual time after its last call.
 */
export class Warmth {
  readonly keepMs: number;
  readonly #mostGb: number;
  readonly #habits = new Map<string, Habit>();
  /** GB seconds that were saved; negative: owed. */
  #purse = 0;
  /** What the usual time costs, GB, as an average over time. */
  #usual = 0;
  #lastTick = 0;

  constructor({ keepMs, mostMb }: WarmthOptions) {
    this.keepMs = keepMs;
    this.#mostGb = mostMb / MB_IN_GB;
  }

  /** What is known of `name`; a new one knows nothing. */
  habit(name: string, memoryMb: number): Habit {
    const known = this.#habits.get(name);
    if (known?.memoryMb === memoryMb) return known;
    const habit = new Habit(memoryMb, known?.times, known?.quietSince);
    this.#habits.set(name, habit);
    if (this.#habits.size > REMEMBERED) this.#forgetOldest();
    return habit;
  }

  /** Takes what was known before. */
  know(name: string, habit: Habit): void {
    this.#habits.set(name, habit);
  }

  /** Names and habits. */
  entries(): IterableIterator<[string, Habit]> {
    return this.#habits.entries();
  }

  forget(name: string): void {
    this.#habits.delete(name);
  }

  /** Settles the time since the last tick, and decides for the time to the next. To be called every few seconds, `now` in epoch ms. */
  tick(now: number): void {
    const seconds = this.#lastTick === 0 ? 0 : Math.max(0, now - this.#lastTick) / 1000;
    this.#lastTick = now;
    const price = this.#price;
    let [usual, spent] = [0, 0];
    for (const habit of this.#habits.values()) {
      habit.wanted = this.#wants(habit, now, price);
      if (habit.quietSince === 0) continue;
      const gb = habit.memoryMb / MB_IN_GB;
      if (now - habit.quietSince < this.keepMs) usual += gb;
      if (habit.wanted) spent += gb;
    }
    spent -= this.#cut(spent - this.#mostGb, now);
    this.#usual += (usual - this.#usual) * Math.min(1, seconds / PURSE_SECONDS);
    const most = this.#purseSize;
    this.#purse = Math.min(most, Math.max(-most, this.#purse + (usual - spent) * seconds));
  }

  /** Calls a second that a GB must promise now. */
  get #price(): number {
    return BASE_PRICE * Math.exp((-STEEPNESS * this.#purse) / this.#purseSize);
  }

  get #purseSize(): number {
    return Math.max(this.#usual, LEAST_GB) * PURSE_SECONDS;
  }

  #wants(habit: Habit, now: number, price: number): boolean {
    const quiet = now - habit.quietSince;
    // A clock that was set back says nothing.
    if (habit.quietSince === 0 || quiet < LEAST_MS) return true;
    if (!habit.known) return quiet < this.keepMs;
    return habit.promise(now) >= price;
  }

  /** Takes `gb` from those that promise least. Returns what it took. */
  #cut(gb: number, now: number): number {
    if (gb <= 0) return 0;
    const ranked = [...this.#habits.values()]
      .filter((habit) => habit.wanted && habit.known)
      .map((habit) => ({ habit, promise: habit.promise(now) }))
      .toSorted((one, other) => one.promise - other.promise);
    let cut = 0;
    for (const { habit } of ranked) {
      if (cut >= gb) break;
      habit.wanted = false;
      cut += habit.memoryMb / MB_IN_GB;
    }
    return cut;
  }

  #forgetOldest(): void {
    const oldest = [...this.#habits]
      .filter(([, { quietSince }]) => quietSince > 0)
      .toSorted(([, one], [, other]) => one.quietSince - other.quietSince);
    for (const [name] of oldest.slice(0, Math.ceil(REMEMBERED / 10))) this.#habits.delete(name);
  }
}
