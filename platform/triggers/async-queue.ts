import type { AsyncQueue } from "../gateway/ports.ts";
import type { Invoker, Outcome } from "../gateway/invoker.ts";
import { FAILURES } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { AsyncConfig } from "../store/async-configs.ts";
import type { AsyncOutcome, AsyncRequest } from "../store/async-requests.ts";
import type { Store } from "../store/store.ts";
import type { TimerFire } from "../store/triggers.ts";
import { StoreFullError } from "../store/errors.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { notificationOf } from "./notification.ts";

/** What the queue needs; the rest has defaults. */
export interface QueueOptions {
  readonly store: Pick<Store, "asyncRequests" | "asyncConfigs">;
  readonly invoker: Invoker;
  /** In the URNs of notifications. Default `local`. */
  readonly region?: string;
  /** Requests that run at the same time, all functions together. Default 64: an account may run 100 (guide 1.6), and callers who wait go on. */
  readonly running?: number;
  /** Requests of one function that run at the same time. Default 32. */
  readonly runningPerFunction?: number;
  /** Milliseconds before the first retry; each further one waits four times as long. Default 1000. */
  readonly retryMs?: number;
  /** Told once when the store refuses. Default: a warning of the process. */
  readonly warn?: (sentence: string) => void;
}

/** What holds for one run: whether a failure is tried again, until when (epoch ms), and who is told of the end. */
interface Rules {
  readonly again: boolean;
  readonly expiresAt: number;
  readonly config: AsyncConfig | undefined;
}

/** A request that runs. */
interface Run {
  readonly functionKey: string;
  /** There when somebody cancelled it. */
  cancelled: PromiseWithResolvers<void> | undefined;
}

/** The outcome of what grew too old. */
const EXPIRY: Pick<Outcome, "failure" | "payload"> = { failure: "overload", payload: Buffer.alloc(0) };

/** No instance could be had: asked again after this time, without counting as a retry. */
const OVERLOAD_MS = 500;
const STORE_RETRY_MS = 1000;
/** The longest sleep: a changed clock is noticed after it. */
const SLEEP_MS = 10_000;
const FACTOR = 4;
/** Inner code of a request that grew too old before it ran. */
const EXPIRED = 4010;
const CANCELLED = FAILURES.cancelled.code;

/**
 * Runs what was accepted for later, at least once (guide 3.6.2). A request is durable before its caller hears of it; it is
 * taken, run, and its end written in one commit with the other ends of the same turn. Functions take turns, so a long queue
 * of one does not hold up the others. What was running when the platform was killed runs again.
 */
export class DurableQueue implements AsyncQueue {
  readonly #options: Required<QueueOptions>;
  readonly #running = new Map<string, number>();
  #total = 0;
  /** Functions with due requests, in the order of their turns. */
  #turns: string[] = [];
  #ends: AsyncOutcome[] = [];
  /** Notifications of these ends: written with them, so that neither is there without the other. */
  #following: Omit<AsyncRequest, "attempts">[] = [];
  /** What runs, by request id; settled when its end is written. */
  readonly #runs = new Map<string, Run>();
  #pumping: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #open = false;
  #closed = false;
  #warned = false;
  #idle: (() => void) | undefined;

  constructor(options: QueueOptions) {
    const defaults = { running: 64, runningPerFunction: 32, retryMs: 1000, region: "local" };
    this.#options = { ...defaults, warn: emitWarning, ...options };
  }

  /** Puts back what an earlier run had taken, and begins to run requests. */
  start(): void {
    this.#options.store.asyncRequests.recover();
    this.#open = true;
    this.#wake();
  }

  accept(requests: readonly Omit<AsyncRequest, "attempts">[], fires: readonly TimerFire[] = []): void {
    this.#options.store.asyncRequests.accept(requests, fires);
    this.#wake();
  }

  /**
   * Ends a request of the function: one that waits never runs, one that runs ends with its instance and is not tried
   * again. Resolves when the end is durable; with false when nothing of that name waits or runs.
   */
  async cancel(key: FunctionKey, id: string): Promise<boolean> {
    // What failed and is to be tried again must be seen as waiting.
    this.#flush();
    const { store, invoker } = this.#options;
    if (store.asyncRequests.discard(key, id, CANCELLED, "The request was cancelled before it ran."))
      return true;
    const run = this.#runs.get(id);
    if (run === undefined || run.functionKey !== keyText(key)) return false;
    run.cancelled ??= Promise.withResolvers<void>();
    invoker.cancel(id);
    await run.cancelled.promise;
    return true;
  }

  /** Takes nothing more, waits for what runs, and leaves the rest for the next start. */
  async close(graceMs: number): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    if (this.#total > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#idle = resolve;
      const timer = setTimeout(resolve, graceMs);
      await promise;
      clearTimeout(timer);
    }
    clearImmediate(this.#pumping);
    clearTimeout(this.#timer);
    this.#writeEnds();
    // Ends that come later are not written: the request runs again after the next start.
    this.#pumping = undefined;
    this.#closed = true;
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
    if (!this.#writeEnds()) return this.#sleep(STORE_RETRY_MS);
    if (!this.#open) return;
    try {
      this.#takeTurns();
    } catch (error) {
      this.#complain(error);
      this.#sleep(STORE_RETRY_MS);
    }
  }

  /** Starts what may run now, and sleeps until more is due; ends of requests wake it earlier. */
  #takeTurns(): void {
    const { store, running, runningPerFunction } = this.#options;
    const due = new Set(store.asyncRequests.due(Date.now()));
    // Whoever had a turn goes to the back; functions that are new go before them.
    const old = this.#turns.filter((key) => due.delete(key));
    const order = [...due, ...old];
    const share = Math.max(1, Math.ceil((running - this.#total) / order.length));
    const passed: string[] = [];
    const served: string[] = [];
    for (const key of order) {
      const room = Math.min(running - this.#total, runningPerFunction - (this.#running.get(key) ?? 0), share);
      if (room <= 0) passed.push(key);
      else {
        served.push(key);
        for (const request of store.asyncRequests.take(Date.now(), room, key)) this.#start(key, request);
      }
    }
    this.#turns = [...passed, ...served];
    if (this.#total < running) this.#sleep(this.#untilDue());
  }

  #start(key: string, request: AsyncRequest): void {
    const config = this.#options.store.asyncConfigs.find(request.key, request.qualifier)?.config;
    const expiresAt = request.acceptedAt + (config?.maxAgeSeconds ?? LIMITS.asyncAgeSeconds.default) * 1000;
    if (Date.now() >= expiresAt) {
      this.#end(request, expired(request), config);
      this.#wake();
      return;
    }
    this.#total += 1;
    this.#runs.set(request.id, { functionKey: key, cancelled: undefined });
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
    const retries = config?.maxRetries ?? LIMITS.asyncRetries.default;
    void this.#run(key, request, { again: request.attempts <= retries, expiresAt, config });
  }

  async #run(key: string, request: AsyncRequest, rules: Rules): Promise<void> {
    const { id: requestId, ...invocation } = request;
    const outcome = await this.#options.invoker.invoke({ requestId, ...invocation });
    this.#end(request, this.#endOf(request, outcome, rules), rules.config, outcome);
    this.#ended(key);
  }

  /** Remembers an end, and whom to tell, until both are written. */
  #end(
    request: AsyncRequest,
    end: AsyncOutcome,
    config: AsyncConfig | undefined,
    outcome: Pick<Outcome, "failure" | "payload"> = EXPIRY,
  ): void {
    this.#ends.push(end);
    if (end.status === "retry") return;
    const destination = end.status === "success" ? config?.onSuccess : config?.onFailure;
    if (destination !== undefined)
      this.#following.push(notificationOf(request, outcome, destination, this.#options.region));
  }

  #ended(key: string): void {
    this.#total -= 1;
    const left = (this.#running.get(key) ?? 1) - 1;
    if (left === 0) this.#running.delete(key);
    else this.#running.set(key, left);
    this.#wake();
    if (this.#total === 0) this.#idle?.();
  }

  #endOf(request: AsyncRequest, outcome: Outcome, rules: Rules): AsyncOutcome {
    const { id } = request;
    const { again, expiresAt } = rules;
    if (outcome.failure === undefined) return { id, status: "success", errorCode: 0 };
    if (outcome.failure === "cancelled" || this.#runs.get(id)?.cancelled !== undefined)
      return {
        id,
        status: "failed",
        errorCode: CANCELLED,
        errorMessage: "The request was cancelled while it ran.",
      };
    const now = Date.now();
    if (outcome.failure === "overload") {
      const dueAt = now + OVERLOAD_MS;
      return dueAt < expiresAt ? { id, status: "retry", dueAt, uncounted: true } : expired(request);
    }
    const dueAt = now + this.#options.retryMs * FACTOR ** Math.max(0, request.attempts - 1);
    if (again && outcome.failure !== "missing" && dueAt < expiresAt) return { id, status: "retry", dueAt };
    const errorMessage = outcome.payload.toString("utf8", 0, 4096);
    return { id, status: "failed", errorCode: outcome.code, errorMessage };
  }

  /** Writes all ends in one commit; false when the store refuses, and they are kept. */
  #writeEnds(): boolean {
    if (this.#ends.length === 0) return true;
    try {
      const ends = this.#ends;
      this.#options.store.asyncRequests.finish(ends, this.#following);
      this.#ends = [];
      this.#following = [];
      for (const { id } of ends) this.#settle(id);
      return true;
    } catch (error) {
      this.#complain(error);
      return false;
    }
  }

  #settle(id: string): void {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    run?.cancelled?.resolve();
  }

  /** Throws what keeps the store from writing. */
  #flush(): void {
    if (!this.#writeEnds())
      throw new StoreFullError("The queue cannot write; nothing was cancelled. Try again later.");
  }

  #untilDue(): number {
    const due = this.#options.store.asyncRequests.nextDue();
    if (due === undefined) return SLEEP_MS;
    const wait = due - Date.now();
    // Due already but not taken: its function runs as many as it may, and their ends wake the queue.
    return wait > 0 ? wait : SLEEP_MS;
  }

  #sleep(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), Math.min(milliseconds, SLEEP_MS)).unref();
  }

  #complain(error: unknown): void {
    if (this.#warned) return;
    this.#warned = true;
    this.#options.warn(`The asynchronous queue cannot write: ${String(error)} It goes on when it can.`);
  }
}

function emitWarning(sentence: string): void {
  process.emitWarning(sentence);
}

function expired(request: AsyncRequest): AsyncOutcome {
  const errorMessage = `The request of ${keyText(request.key)} waited longer than its maximum age. Raise max_async_event_age_in_seconds, or let more run at once.`;
  return { id: request.id, status: "discarded", errorCode: EXPIRED, errorMessage };
}
