import type { Awaitable } from "./awaitable.ts";
import type { AsyncRecord } from "./async-records.ts";
import type { FunctionKey } from "./function-key.ts";

/** How long dead requests are kept: 14 days. */
export const DEAD_KEPT_MS = 14 * 86_400_000;

/** A request that failed for good or grew too old; its event is kept. */
export interface DeadRequest extends AsyncRecord {
  readonly key: FunctionKey;
  /** Times it was started. */
  readonly attempts: number;
  /** Bytes of its event. */
  readonly size: number;
}

/** Which dead requests are meant: all of a project, of one function, or one. */
export interface DeadQuery {
  readonly projectId: string;
  readonly key?: FunctionKey | undefined;
  readonly id?: string | undefined;
}

/**
 * Requests that failed for good, kept so that they can run once more. Of each function the newest 10,000 are kept, 256 MB
 * of events at most, for 14 days.
 */
export interface DeadRequestStore {
  /** Newest first, and how many there are in all. */
  list(
    query: DeadQuery,
    page: { readonly offset: number; readonly limit: number },
  ): Awaitable<{ readonly requests: readonly DeadRequest[]; readonly count: number }>;
  /**
   * Puts those that ended until `before` (epoch ms) back into the queue as if they came now, in one transaction, up to
   * `limit`. Cancelled ones only when the query names them. Answers the functions (`keyText`) that have requests again, and
   * how many.
   */
  redrive(
    query: DeadQuery,
    before: number,
    limit: number,
  ): Awaitable<{ readonly functionKeys: readonly string[]; readonly count: number }>;
  /** Forgets them; answers how many. */
  purge(query: DeadQuery): Awaitable<number>;
}
