import { randomUUID } from "node:crypto";
import { nextFire, parseSchedule, type Schedule } from "../../model/schedule.ts";
import { TriggerStatus, TriggerType, type TimerEventData } from "../../model/trigger.ts";
import { attempt, type Awaitable } from "../store/awaitable.ts";
import type { AsyncRequestStore, NewAsyncRequest } from "../store/async-requests.ts";
import type { Store } from "../store/store.ts";
import type { TimerFire, TriggerRecord } from "../store/triggers.ts";
import { keyText, parseKeyText } from "../store/function-key.ts";
import { DueHeap } from "./due-heap.ts";
import { timerEvent } from "./timer-event.ts";

/** What the timers need. */
export interface TimerOptions {
  readonly store: Pick<Store, "triggers" | "onChange"> & {
    readonly asyncRequests: Pick<AsyncRequestStore, "lastFires">;
  };
  /**
   * Takes the events, together with the times the timers fired for: throws or rejects when neither is kept. Default: nothing fires here, another
   * process does that, and `upcoming` alone is of use.
   */
  readonly queue?: {
    accept(requests: readonly NewAsyncRequest[], fires: readonly TimerFire[]): Promise<void> | undefined;
  };
  /** IANA zone in which cron expressions are read and the event's time is written. */
  readonly timeZone: string;
  /** The clock, epoch ms. Default: Date.now. */
  readonly now?: () => number;
  /** Told once when the queue refuses. Default: a warning of the process. */
  readonly warn?: (sentence: string) => void;
}

interface Timer {
  readonly record: TriggerRecord;
  readonly data: TimerEventData;
  readonly schedule: Schedule;
  due: number;
  live: boolean;
}

/** The longest sleep: a clock that was set and a machine that slept are noticed after it. */
const SLEEP_MS = 10_000;
const RETRY_MS = 1000;

/**
 * Fires the active TIMER triggers through the asynchronous queue (guide 3.5.2). A timer that was missed, because the
 * platform was down, the machine slept or the clock was set forward, fires once, for the earliest time it missed, and then
 * keeps its schedule. Clocks set back: cron expressions wait for the next new time, intervals go on at once.
 */
export class Timers {
  readonly #options: TimerOptions;
  readonly #now: () => number;
  readonly #heap = new DueHeap<Timer>();
  readonly #byFunction = new Map<string, Timer[]>();
  #lastFires = new Map<string, number>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #lastWake = 0;
  #open = false;
  /** Starts and closes so far. */
  #starts = 0;
  /** The queue is being asked: nothing else fires meanwhile. */
  #firing = false;
  #warned = false;

  constructor(options: TimerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    const { store } = options;
    store.onChange((key) => {
      if (!this.#open) return;
      this.#read(key, store.triggers.list(parseKeyText(key)));
      this.#sleep();
    });
  }

  /** May come again after `close`. A store that refuses is asked again. */
  start(): Awaitable<void> {
    this.#starts++;
    // Schedules do not depend on when a timer fired last: that tells only what was missed.
    if (this.#options.queue === undefined) return this.#begin(new Map());
    const fires = this.#options.store.asyncRequests.lastFires();
    return fires instanceof Promise ? this.#beginLater(fires) : this.#begin(fires);
  }

  async #beginLater(fires: Promise<ReadonlyMap<string, number>>): Promise<void> {
    const start = this.#starts;
    const closed = (): boolean => start !== this.#starts;
    try {
      const them = await fires;
      if (!closed()) this.#begin(them);
    } catch (error) {
      this.#warn(error);
      if (!closed()) this.#timer = setTimeout(() => void this.start(), RETRY_MS).unref();
    }
  }

  #begin(lastFires: ReadonlyMap<string, number>): void {
    const { triggers } = this.#options.store;
    this.#open = true;
    this.#lastFires = new Map(lastFires);
    const byFunction = Map.groupBy(triggers.all(), (record) => keyText(record.key));
    for (const [key, records] of byFunction) this.#read(key, records);
    this.#wake();
  }

  close(): void {
    this.#starts++;
    this.#open = false;
    clearTimeout(this.#timer);
    for (const key of this.#byFunction.keys()) this.#read(key, []);
  }

  /** The functions and qualifiers of timers that fire within so many ms. */
  *upcoming(withinMs: number): Generator<Pick<TriggerRecord, "key" | "qualifier">> {
    const until = this.#now() + withinMs;
    for (const timers of this.#byFunction.values())
      for (const { live, due, record } of timers) if (live && due <= until) yield record;
  }

  /** Brings one function's timers to what its triggers say. */
  #read(key: string, records: readonly TriggerRecord[]): void {
    const old = new Map(this.#byFunction.get(key)?.map((timer) => [timer.record.id, timer]));
    const timers: Timer[] = [];
    for (const record of records) {
      const same = old.get(record.id);
      if (same !== undefined && unchanged(same.record, record)) {
        old.delete(record.id);
        timers.push(same);
        continue;
      }
      const timer = timerOf(record);
      if (timer !== undefined && this.#plan(timer)) timers.push(timer);
    }
    for (const gone of old.values()) {
      gone.live = false;
      this.#lastFires.delete(gone.record.id);
    }
    this.#count += timers.length - (this.#byFunction.get(key)?.length ?? 0);
    if (timers.length === 0) this.#byFunction.delete(key);
    else this.#byFunction.set(key, timers);
    if (this.#heap.size > 2 * this.#count + 64) this.#heap.retain((timer) => timer.live);
  }

  /** Finds when the timer is due next; false when it never is. */
  #plan(timer: Timer): boolean {
    const { id, modifiedAt } = timer.record;
    const last = Math.max(this.#lastFires.get(id) ?? 0, modifiedAt);
    const after = timer.schedule.kind === "every" ? Math.min(last, this.#now()) : last;
    const clock = { start: modifiedAt, timeZone: this.#options.timeZone };
    const due = nextFire(timer.schedule, after, clock);
    timer.live = due !== undefined;
    if (due === undefined) return false;
    timer.due = due;
    this.#heap.push(timer);
    return true;
  }

  #wake(): void {
    if (this.#firing) return;
    const now = this.#now();
    if (now < this.#lastWake) this.#planAll();
    this.#lastWake = now;
    const due: Timer[] = [];
    for (let first = this.#heap.peek(); first !== undefined && first.due <= now; first = this.#heap.peek()) {
      this.#heap.pop();
      if (first.live) due.push(first);
    }
    if (due.length === 0) return this.#sleep();
    this.#firing = true;
    void attempt(
      () => this.#fire(due, now),
      () => this.#fired(due, now),
      (error) => this.#refused(due, error),
    );
  }

  #fire(due: readonly Timer[], now: number): Promise<void> | undefined {
    const { queue, timeZone } = this.#options;
    return queue?.accept(
      due.map(({ record, data, due: at }) => ({
        id: randomUUID(),
        key: record.key,
        qualifier: record.qualifier,
        event: timerEvent(data, at, timeZone),
        acceptedAt: now,
        dueAt: now,
      })),
      due.map((timer) => ({ triggerId: timer.record.id, at: now })),
    );
  }

  #fired(due: readonly Timer[], now: number): void {
    this.#firing = false;
    for (const timer of due) {
      // One that was taken away meanwhile never fires again.
      if (!timer.live) continue;
      this.#lastFires.set(timer.record.id, now);
      this.#plan(timer);
    }
    this.#sleep();
  }

  #refused(due: readonly Timer[], error: unknown): void {
    this.#firing = false;
    for (const timer of due) this.#heap.push(timer);
    this.#wakeIn(RETRY_MS);
    this.#warn(error);
  }

  #warn(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    const warn = this.#options.warn ?? ((sentence) => process.emitWarning(sentence));
    warn(`Timers cannot fire: ${String(error)} They are tried again every second.`);
  }

  #planAll(): void {
    this.#heap.retain(() => false);
    for (const timers of this.#byFunction.values()) for (const timer of timers) this.#plan(timer);
  }

  #sleep(): void {
    const wait = (this.#heap.peek()?.due ?? Infinity) - this.#now();
    this.#wakeIn(Math.max(0, Math.min(wait, SLEEP_MS)));
  }

  #wakeIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#open) this.#timer = setTimeout(() => this.#wake(), milliseconds).unref();
  }
}

function unchanged(old: TriggerRecord, record: TriggerRecord): boolean {
  return old.modifiedAt === record.modifiedAt && JSON.stringify(old.spec) === JSON.stringify(record.spec);
}

function timerOf(record: TriggerRecord): Timer | undefined {
  if (record.spec.type !== TriggerType.Timer || record.spec.status !== TriggerStatus.Active) return undefined;
  const data = record.spec.eventData as TimerEventData;
  const schedule = parseSchedule(data.schedule_type, data.schedule);
  // The API checks schedules before they are stored; one of an older rule book never fires.
  return Array.isArray(schedule) ? undefined : { record, data, schedule, due: 0, live: true };
}
