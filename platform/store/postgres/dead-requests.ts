import { FAILURES } from "../../../model/failure.ts";
import type { Postgres } from "../../cluster/connection.ts";
import { type DeadRow, keyRange, readDead } from "../async-rows.ts";
import { DEAD_KEPT_MS, type DeadQuery, type DeadRequest, type DeadRequestStore } from "../dead-requests.ts";
import { Retention } from "../retention.ts";
import { textOf } from "./request-statements.ts";

const WHERE = "function_key >= $1 AND function_key < $2 AND ($3::text IS NULL OR id = $3)";
/** The newest of one function that are kept, and how many bytes of events. */
const KEPT = 10_000;
const KEPT_BYTES = 256 * 1024 * 1024;

/** Dead requests in PostgreSQL, one row each. */
export class PostgresDeadRequests implements DeadRequestStore {
  readonly #postgres: Postgres;
  readonly #retention = new Retention(DEAD_KEPT_MS);
  readonly #revived: (functionKeys: readonly string[], now: number) => void;

  /** @param revived told of each request that waits again: its function, and since when */
  constructor(postgres: Postgres, revived: (functionKeys: readonly string[], now: number) => void) {
    this.#postgres = postgres;
    this.#revived = revived;
  }

  async list(
    query: DeadQuery,
    { offset, limit }: { readonly offset: number; readonly limit: number },
  ): Promise<{ requests: DeadRequest[]; count: number }> {
    const where = whereOf(query);
    const [rows, counted] = await Promise.all([
      this.#postgres.query<DeadRow & Record<string, unknown>>(
        `SELECT id, function_key, qualifier, status, attempts, accepted_at, finished_at, error_code, error_message,
          length(event) AS size FROM dead_requests WHERE ${WHERE}
        ORDER BY accepted_at DESC, seq DESC LIMIT $4 OFFSET $5`,
        [...where, limit, offset],
      ),
      this.#postgres.query<{ count: number }>(
        `SELECT count(*) AS count FROM dead_requests WHERE ${WHERE}`,
        where,
      ),
    ]);
    return { requests: rows.map(readDead), count: counted[0]?.count ?? 0 };
  }

  async redrive(
    query: DeadQuery,
    before: number,
    limit: number,
  ): Promise<{ functionKeys: string[]; count: number }> {
    const now = Date.now();
    const rows = await this.#postgres.query<{ key: string }>(
      `WITH picked AS (SELECT seq FROM dead_requests
        WHERE ${WHERE} AND ($3::text IS NOT NULL OR error_code IS DISTINCT FROM ${FAILURES.cancelled.code})
          AND finished_at <= $4 ORDER BY function_key, accepted_at, seq LIMIT $5 FOR UPDATE SKIP LOCKED),
      gone AS (DELETE FROM dead_requests WHERE seq IN (SELECT seq FROM picked) RETURNING *)
      INSERT INTO requests (id, function_key, qualifier, attempts, hops, accepted_at, due_at, memory_mb, event)
      SELECT id, function_key, qualifier, 0, 0, $6::bigint, $6::bigint, memory_mb, event FROM gone
      ORDER BY function_key, accepted_at, seq RETURNING function_key AS key`,
      [...whereOf(query), before, limit, now],
    );
    const keys = rows.map(({ key }) => key);
    if (keys.length > 0) this.#revived(keys, now);
    return { functionKeys: [...new Set(keys)], count: keys.length };
  }

  async purge(query: DeadQuery): Promise<number> {
    const gone = await this.#postgres.query(
      `DELETE FROM dead_requests WHERE ${WHERE} RETURNING 1`,
      whereOf(query),
    );
    return gone.length;
  }

  /** Forgets what is beyond the limits of functions (`keyText`). Default: of all that have dead requests, and what is too old. */
  async prune(functionKeys?: Iterable<string>): Promise<void> {
    const end = functionKeys === undefined ? await this.#endOfOld() : 0;
    for (const key of functionKeys ?? (await this.#functions())) {
      await this.#postgres.query(
        `DELETE FROM dead_requests WHERE seq IN (SELECT seq FROM (
          SELECT seq, row_number() OVER newer AS number, sum(length(event)) OVER newer AS bytes, finished_at
          FROM dead_requests WHERE function_key = $1 WINDOW newer AS (ORDER BY accepted_at DESC, seq DESC)) AS kept
        WHERE number > ${KEPT} OR bytes > ${KEPT_BYTES} OR finished_at < $2)`,
        [key, end],
      );
    }
  }

  /** What ended before this is too old. Epoch ms. */
  async #endOfOld(): Promise<number> {
    const [row] = await this.#postgres.query<{ at: number | null }>(
      "SELECT min(finished_at) AS at FROM dead_requests",
    );
    return typeof row?.at === "number" ? Math.floor(this.#retention.end(row.at)) : 0;
  }

  async #functions(): Promise<string[]> {
    const rows = await this.#postgres.query<{ key: string }>(
      "SELECT DISTINCT function_key AS key FROM dead_requests",
    );
    return rows.map(({ key }) => key);
  }
}

function whereOf(query: DeadQuery): [first: string, last: string, id: string | null] {
  const { first, last } = keyRange(query);
  return [first, last, textOf(query.id)];
}
