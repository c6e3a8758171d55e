import type { Awaitable } from "./awaitable.ts";
import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "./async-records.ts";
import type { DeadRequestStore } from "./dead-requests.ts";
import type { FunctionKey } from "./function-key.ts";
import type { TimerFire } from "./triggers.ts";

/** One event that waits for its function, or runs. */
export interface AsyncRequest {
  readonly id: string;
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly event: Buffer;
  /** Memory that the caller chose for it (guide 3.3.11); undefined: that of the function. */
  readonly memoryMb?: number | undefined;
  /** Times it was started; at least once, so a cut lease counts. */
  readonly attempts: number;
  /** Those of them that were cut off: the process in which they ran ended before they did. */
  readonly cuts: number;
  readonly acceptedAt: number;
  /** Not before this time (epoch ms). */
  readonly dueAt: number;
  /** Notifications before it that led to it, each of the one before. */
  readonly hops: number;
}

/** A request as it is accepted. */
export interface NewAsyncRequest extends Omit<AsyncRequest, "attempts" | "cuts" | "hops"> {
  /** Default 0. */
  readonly hops?: number;
  /** It is started right after the commit and never waits: kept as running, with its first attempt. Default false. */
  readonly started?: boolean;
}

/**
 * Asynchronous requests: the queue, and what is kept of those that left it. Embedded, changes are committed when a method
 * returns, and so outlive the process; they are on the disk once the store's `settled` says so. Over PostgreSQL a method
 * resolves when the change is committed there, and so on the disk; a rejection means that nothing of it was changed.
 * Several processes may then share the queue: each has what it took or started as its own, `finish` ends no other's, and
 * what the synchronous methods answer is what this process knows: a second old, on a busy machine a few.
 */
export interface AsyncRequestStore {
  /** Writes all in one transaction, with the times that timers fired for. Undefined when that is done on return. */
  accept(requests: readonly NewAsyncRequest[], fires?: readonly TimerFire[]): Promise<void> | undefined;
  /** When each timer fired last (epoch ms), by the trigger's id. */
  lastFires(): Awaitable<ReadonlyMap<string, number>>;
  /** Functions (`keyText`) that have waiting requests, and when their first one is due. */
  backlog(): { readonly functionKey: string; readonly due: number }[];
  /** Up to `count` due requests of one function (`keyText`), oldest first, marked running. */
  take(functionKey: string, now: number, count: number): Awaitable<AsyncRequest[]>;
  /** Marks requests as ended and accepts those that follow from the ends, all in one transaction. */
  finish(outcomes: readonly AsyncOutcome[], following?: readonly NewAsyncRequest[]): Awaitable<void>;
  /** Ends a request of the function that waits; false when it does not wait. */
  discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): Awaitable<boolean>;
  /**
   * Has a request of the function that another process runs cancelled there. True when it has ended, false when it waits,
   * because it is tried again; undefined when no other process runs it.
   */
  cancelElsewhere(key: FunctionKey, id: string): Awaitable<boolean | undefined>;
  /** What is known of a function's requests, newest first. */
  records(key: FunctionKey, query: AsyncRecordQuery): Awaitable<AsyncRecordPage>;
  /**
   * Requests that run in no process any more, because theirs has ended, become waiting again, one cut the richer; answers how
   * many. From the second cut on they come back spread over time, as `CUT_RUNS` says.
   */
  recover(): Awaitable<number>;
  /** Tells of what other processes do, from now on. Embedded there are none. */
  follow(listener: OtherProcesses): void;
  /** Requests that wait or run now; of the other kinds all that ever ended so. */
  count(status: AsyncStatus): number;
  /** Requests of one function (`keyText`) that wait. */
  waitingOf(functionKey: string): number;
  /** When the earliest waiting request of one function (`keyText`) is due; undefined when none waits. */
  nextDue(functionKey: string): number | undefined;
  /** What failed for good. */
  readonly dead: DeadRequestStore;
}

/** What a process that runs requests hears of the others. */
export interface OtherProcesses {
  /** `backlog` may have changed. */
  waiting(): void;
  /** A request that runs here is to be cancelled. */
  cancel(key: FunctionKey, id: string): void;
}

/** How a running request ended. */
export interface AsyncOutcome {
  readonly id: string;
  /** `retry` puts it back, due at `dueAt`. What failed or was discarded is kept for redrive. */
  readonly status: "success" | "failed" | "discarded" | "retry";
  readonly dueAt?: number;
  /** With `retry`: the function was not started, so the attempt does not count. */
  readonly uncounted?: boolean;
  readonly errorCode?: number;
  readonly errorMessage?: string;
  /** A record of the success is kept. Default false. */
  readonly recorded?: boolean;
}
