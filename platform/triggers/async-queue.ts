import { setImmediate as nextTurn } from "node:timers/promises";
import type { AsyncQueue } from "../gateway/ports.ts";
import { FAILURES } from "../../model/failure.ts";
import type { AsyncConfig } from "../store/async-configs.ts";
import type { AsyncOutcome, AsyncRequest, NewAsyncRequest } from "../store/async-requests.ts";
import type { DeadQuery } from "../store/dead-requests.ts";
import type { TimerFire } from "../store/triggers.ts";
import type { Awaitable } from "../store/awaitable.ts";
import { StoreFullError } from "../store/errors.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { AsyncSettings } from "./async-settings.ts";
import { kindOf } from "./delivery-key.ts";
import { notificationsOf } from "./notification.ts";
import type { Pool } from "./pool.ts";
import { Pools } from "./pools.ts";
import { QueueFullError } from "./queue-full.ts";
import { type QueueOptions, withDefaults } from "./queue-options.ts";
import { RunEnds, type WrittenEnds } from "./run-ends.ts";
import { deliveryRules, endOf, refusedStart, rulesOf, type RunEnd, type RunRules } from "./run-rules.ts";
import { Runs } from "./runs.ts";

const STORE_RETRY_MS = 1000;
/** The longest sleep: a changed clock is noticed after it. */
const SLEEP_MS = 10_000;
const CANCELLED = FAILURES.cancelled.code;
/** Dead requests that come back in one commit; calls are served between two. */
const REDRIVEN = 1000;

/**
 * Runs what was accepted for later, at least once (guide 3.6.2). A request is kept before its caller hears of it. One that
 * finds room starts at once; the others wait in the store and get their turns function by function, so a long queue of one
 * does not hold up the others. Ends of one turn share a commit. What was running when the platform was killed runs again.
 */
export class DurableQueue implements AsyncQueue {
  readonly #options: Required<QueueOptions>;
  readonly #settings: AsyncSettings;
  readonly #pools: Pools;
  readonly #ends: RunEnds;
  readonly #runs = new Runs();
  /** Functions whose requests are being taken, and when the earliest is due that was heard of meanwhile. */
  readonly #taking = new Map<string, number>();
  #pumping: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #open = false;
  #closed = false;
  #warned = false;
  #idle: (() => void) | undefined;

  constructor(options: QueueOptions) {
    this.#options = withDefaults(options);
    const { running, runningPerFunction: runningPerKey } = this.#options;
    this.#pools = new Pools({ running, runningPerKey });
    this.#settings = new AsyncSettings(options.store);
    this.#ends = new RunEnds({
      finish: (ends, following) => options.store.asyncRequests.finish(ends, following),
      written: (batch) => this.#written(batch),
      refused: (error) => this.#refused(error),
    });
  }

  /** Puts back what nobody runs any more, and begins to run requests. */
  start(): Awaitable<void> {
    const recovered = this.#options.store.asyncRequests.recover();
    return recovered instanceof Promise ? recovered.then(() => this.#begin()) : this.#begin();
  }

  #begin(): void {
    this.#options.store.asyncRequests.follow({
      waiting: () => this.#look(),
      cancel: (key, id) => void this.#cancelRun(key, id),
    });
    this.#open = true;
    this.#look();
  }

  /** Hears of all that waits. */
  #look(): void {
    for (const { functionKey, due } of this.#options.store.asyncRequests.backlog())
      this.#await(functionKey, due);
    this.#wake();
  }

  full(key: FunctionKey): QueueFullError | undefined {
    const { store, length } = this.#options;
    const { asyncRequests } = store;
    const waiting = asyncRequests.count("waiting");
    if (waiting >= length)
      return new QueueFullError(
        `${waiting} asynchronous requests wait, ${length} may. Retry later, let more run at once, or raise asyncQueueLength in limits.json.`,
      );
    if (waiting < length / 2 || asyncRequests.waitingOf(keyText(key)) < length / 2) return undefined;
    return new QueueFullError(
      `One function may fill half of the queue, and ${waiting} requests wait, mostly of "${key.name}". Retry later, raise its instances or concurrency, or raise asyncQueueLength in limits.json.`,
    );
  }

  accept(requests: readonly NewAsyncRequest[], fires: readonly TimerFire[] = []): Promise<void> | undefined {
    const { store } = this.#options;
    const now = Date.now();
    const marked = requests.map((request) =>
      this.#reserve(request, now) ? { ...request, started: true } : request,
    );
    let committed: Promise<void> | undefined;
    try {
      committed = store.asyncRequests.accept(marked, fires);
    } catch (error) {
      this.#release(marked);
      throw error;
    }
    if (committed === undefined) {
      this.#accepted(marked);
      return store.settled();
    }
    return committed.then(
      () => this.#accepted(marked),
      (error: unknown) => {
        this.#release(marked);
        throw error;
      },
    );
  }

  #accepted(marked: readonly NewAsyncRequest[]): void {
    let waits = false;
    for (const request of marked) {
      if (request.started === true) void this.#run({ hops: 0, ...request, attempts: 1, cuts: 0 });
      else waits = this.#await(keyText(request.key), request.dueAt);
    }
    if (waits) this.#wake();
  }

  #release(marked: readonly NewAsyncRequest[]): void {
    for (const { key, started } of marked) {
      const text = keyText(key);
      if (started === true) this.#pools.of(text).end(text);
    }
  }

  /**
   * Ends a request of the function: one that waits never runs, one that runs ends with its instance and is not tried
   * again. Resolves when the end is durable; with false when nothing of that name waits or runs.
   */
  async cancel(key: FunctionKey, id: string): Promise<boolean> {
    if (!(await this.#ends.write()))
      throw new StoreFullError("The queue cannot write; nothing was cancelled. Try again later.");
    if (!(await this.#ended(key, id))) return false;
    await this.#options.store.settled();
    return true;
  }

  /** What failed before it heard, and is to be tried again, waits: it is looked for once more. */
  async #ended(key: FunctionKey, id: string): Promise<boolean> {
    const { asyncRequests } = this.#options.store;
    for (;;) {
      if (await asyncRequests.discard(key, id, CANCELLED, "The request was cancelled before it ran."))
        return true;
      const ended = (await this.#cancelRun(key, id)) ?? (await asyncRequests.cancelElsewhere(key, id));
      if (ended !== false) return ended === true;
    }
  }

  /** Ends a request that runs here; answers as `Runs.cancel`. */
  #cancelRun(key: FunctionKey, id: string): Promise<boolean> | undefined {
    const ended = this.#runs.cancel(key, id);
    if (ended !== undefined) this.#options.invoker.cancel(id);
    return ended;
  }

  /** Puts dead requests back into the queue, as if they came now; answers how many. Those that die meanwhile stay. */
  async redrive(query: DeadQuery): Promise<number> {
    const { dead } = this.#options.store.asyncRequests;
    const before = Date.now();
    for (let total = 0; ; await nextTurn()) {
      const { functionKeys, count } = await dead.redrive(query, before, REDRIVEN);
      for (const key of functionKeys) this.#await(key, Date.now());
      this.#wake();
      total += count;
      if (count < REDRIVEN) return total;
    }
  }

  /** Takes nothing more, waits for what runs, and leaves the rest for the next start or another process. */
  async close(graceMs: number): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    if (this.#pools.total > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#idle = resolve;
      const timer = setTimeout(resolve, graceMs);
      await promise;
      clearTimeout(timer);
    }
    clearImmediate(this.#pumping);
    clearTimeout(this.#timer);
    this.#pumping = undefined;
    // Ends that come later are not written: what still runs waits again. It is handed back, and so no run that was cut off.
    this.#closed = true;
    for (const id of this.#runs.unended()) this.#ends.add({ id, status: "retry", dueAt: Date.now() }, []);
    await this.#ends.flush();
    await this.#options.store.settled();
  }

  /** Takes a slot for a request that need not wait. */
  #reserve({ key, dueAt }: NewAsyncRequest, now: number): boolean {
    const text = keyText(key);
    const pool = this.#pools.of(text);
    if (!this.#open || dueAt > now || !pool.open(text)) return false;
    pool.begin(text);
    return true;
  }

  /** Remembers that a function has a request that waits; always true. */
  #await(functionKey: string, due: number): true {
    const heard = this.#taking.get(functionKey);
    if (heard !== undefined) {
      this.#taking.set(functionKey, Math.min(heard, due));
      return true;
    }
    this.#pools.of(functionKey).add(functionKey, due, Date.now());
    return true;
  }

  #wake(): void {
    if (this.#closed) return;
    this.#pumping ??= setImmediate(() => {
      this.#pumping = undefined;
      this.#pump();
    });
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#ends.write() === false || !this.#open) return;
    try {
      this.#takeTurns();
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Starts what may run now, and sleeps until more is due; ends of requests wake it earlier. */
  #takeTurns(): void {
    const now = Date.now();
    this.#pools.turns(now, (key, count, pool) => this.#take(key, count, now, pool));
    if (this.#ends.pending) return this.#wake();
    this.#sleep(this.#pools.nextDue - now);
  }

  #take(key: string, count: number, now: number, pool: Pool): number | undefined {
    const { asyncRequests } = this.#options.store;
    const taken = asyncRequests.take(key, now, count);
    if (!(taken instanceof Promise)) return this.#taken(key, taken, count, pool);
    void this.#takeLater(key, taken, count, pool);
    return undefined;
  }

  /** Keeps slots for those that come, so that nobody else has them meanwhile. */
  async #takeLater(key: string, taking: Promise<AsyncRequest[]>, count: number, pool: Pool): Promise<void> {
    this.#taking.set(key, Infinity);
    for (let slot = 0; slot < count; slot++) pool.begin(key);
    let taken: AsyncRequest[] | undefined;
    try {
      taken = await taking;
    } catch (error) {
      this.#refused(error);
    }
    const heard = this.#taking.get(key) ?? Infinity;
    this.#taking.delete(key);
    for (let slot = 0; slot < count; slot++) pool.end(key);
    const due =
      taken === undefined
        ? Date.now() + STORE_RETRY_MS
        : Math.min(heard, this.#taken(key, taken, count, pool) ?? Infinity);
    if (due < Infinity) this.#await(key, due);
    this.#wake();
    if (this.#pools.total === 0) this.#idle?.();
  }

  /** Starts what was taken; answers when the next one is due. */
  #taken(key: string, taken: readonly AsyncRequest[], count: number, pool: Pool): number | undefined {
    for (const request of taken) {
      pool.begin(key);
      void this.#run(request);
    }
    const { asyncRequests } = this.#options.store;
    return taken.length === count && asyncRequests.waitingOf(key) > 0
      ? Date.now()
      : asyncRequests.nextDue(key);
  }

  async #run(request: AsyncRequest): Promise<void> {
    const { key, id } = request;
    const functionKey = keyText(key);
    this.#runs.begin(id, functionKey);
    const isFunction = kindOf(key) === "function";
    const rules = isFunction ? this.#rulesOf(request) : deliveryRules(request);
    const refused = refusedStart(request, rules, Date.now());
    if (refused === undefined) {
      const outcome = isFunction ? await this.#invoke(request) : await this.#options.deliver(request);
      const told: RunEnd =
        outcome.failure !== undefined && this.#runs.isCancelled(id)
          ? { failure: "cancelled", code: CANCELLED, payload: outcome.payload }
          : outcome;
      this.#end(request, endOf(request, told, rules, this.#options.retryMs), rules, told);
    } else this.#end(request, refused.end, rules, refused.told);
    this.#pools.of(functionKey).end(functionKey);
    this.#wake();
    if (this.#pools.total === 0) this.#idle?.();
  }

  #rulesOf(request: AsyncRequest): RunRules {
    const { key, qualifier } = request;
    const { asyncConfigs } = this.#options.store;
    return rulesOf(request, this.#settings.of(key, qualifier), asyncConfigs.recordsAll(key.projectId));
  }

  #invoke({ id: requestId, key, qualifier, event, memoryMb }: AsyncRequest): Promise<RunEnd> {
    return this.#options.invoker.invoke({ requestId, key, qualifier, event, memoryMb });
  }

  /** Remembers an end, and whom to tell what. */
  #end(request: AsyncRequest, end: AsyncOutcome, { config }: RunRules, told: RunEnd | undefined): void {
    if (this.#closed) return;
    this.#runs.end(request.id);
    const destination = told === undefined ? undefined : destinationOf(config, end);
    if (told === undefined || destination === undefined) return this.#ends.add(end, []);
    this.#ends.add(end, notificationsOf(request, told, destination, this.#options));
  }

  #written({ ends, following }: WrittenEnds): void {
    let waits = this.#ends.pending;
    for (const { id, status, dueAt } of ends)
      if (this.#settle(id, status === "retry" ? dueAt : undefined)) waits = true;
    for (const { key, dueAt } of following) waits = this.#await(keyText(key), dueAt);
    if (waits) this.#wake();
  }

  /** True when the request waits again. */
  #settle(id: string, retryAt: number | undefined): boolean {
    const functionKey = this.#runs.settle(id, retryAt !== undefined);
    if (functionKey !== undefined && retryAt !== undefined) this.#await(functionKey, retryAt);
    return retryAt !== undefined;
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, Math.min(milliseconds, SLEEP_MS))).unref();
  }

  /** The store refuses: it is asked again in a while. */
  #refused(error: unknown): void {
    this.#sleep(STORE_RETRY_MS);
    if (this.#warned) return;
    this.#warned = true;
    this.#options.warn(`The asynchronous queue cannot write: ${String(error)} It goes on when it can.`);
  }
}

function destinationOf(config: AsyncConfig | undefined, end: AsyncOutcome): AsyncConfig["onSuccess"] {
  if (end.status === "retry") return undefined;
  return end.status === "success" ? config?.onSuccess : config?.onFailure;
}
