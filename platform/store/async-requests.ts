import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "./async-records.ts";
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
  readonly acceptedAt: number;
  /** Not before this time (epoch ms). */
  readonly dueAt: number;
}

/** Asynchronous requests: the queue, and the history of what left it. */
export interface AsyncRequestStore {
  /** Writes all in one transaction, with the times that timers fired for; durable on return. */
  accept(requests: readonly Omit<AsyncRequest, "attempts">[], fires?: readonly TimerFire[]): void;
  /** Functions (`keyText`) that have due requests, each once. */
  due(now: number): string[];
  /** Up to `count` due requests, of one function or of all, oldest first, marked running. */
  take(now: number, count: number, functionKey?: string): AsyncRequest[];
  /** Marks requests as ended and accepts those that follow from the ends, all in one transaction. */
  finish(outcomes: readonly AsyncOutcome[], following?: readonly Omit<AsyncRequest, "attempts">[]): void;
  /** Ends a request of the function that waits; false when it does not wait. */
  discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): boolean;
  /** What is known of a function's requests, newest first. */
  records(key: FunctionKey, query: AsyncRecordQuery): AsyncRecordPage;
  /** Requests that an earlier run had marked running become waiting again. */
  recover(): number;
  count(status: AsyncStatus): number;
  /** When the earliest waiting request is due; undefined when none waits. */
  nextDue(): number | undefined;
}

/** How a running request ended. */
export interface AsyncOutcome {
  readonly id: string;
  /** `retry` puts it back, due at `dueAt`. */
  readonly status: "success" | "failed" | "discarded" | "retry";
  readonly dueAt?: number;
  /** With `retry`: the function was not started, so the attempt does not count. */
  readonly uncounted?: boolean;
  readonly errorCode?: number;
  readonly errorMessage?: string;
}
