import type { StatementSync } from "node:sqlite";

import type { AsyncOutcome } from "../async-requests.ts";
import { STATUS } from "../async-rows.ts";
import { DEAD_KEPT_MS } from "../dead-requests.ts";
import { Retention } from "../retention.ts";
import type { Database } from "./database.ts";

type Ended = "success" | "failed" | "discarded";

/** Records of successes that are kept, all functions together. */
const RECORDS = 100_000;
/** Dead requests of one function: how many, and how much. */
const DEAD = 10_000;
const DEAD_BYTES = 256 * 1024 * 1024;
/** Rows between two looks for what is beyond the limits, and the time between two looks for what is too old. */
const PRUNE_EVERY = 1000;
const PRUNE_MS = 3_600_000;

/** What is kept of requests that ended: how many, records of successes where they are wanted, and dead requests. */
export class AsyncHistory {
  readonly #db: Database;
  readonly #record: StatementSync;
  readonly #bury: StatementSync;
  readonly #tally: StatementSync;
  readonly #prune: StatementSync;
  readonly #pruneDead: StatementSync;
  readonly #oldestDead: StatementSync;
  readonly #functions: StatementSync;
  readonly #retention = new Retention(DEAD_KEPT_MS);
  /** Committed, and what the transaction that runs adds. */
  readonly #counts = { success: 0, failed: 0, discarded: 0 };
  readonly #added = { success: 0, failed: 0, discarded: 0 };
  /** Functions with new dead requests since the last look. */
  readonly #buried = new Set<string>();
  #unpruned = 0;
  /** Of what is too old, performance.now(). */
  #pruneAt = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#record = db.prepare(`INSERT INTO async_history
      (seq, id, function_key, qualifier, status, accepted_at, finished_at, error_code)
      SELECT seq, id, function_key, qualifier, ${STATUS.success}, accepted_at, ?, 0 FROM async_queue WHERE seq = ?`);
    this.#bury = db.prepare(`INSERT INTO async_dead
      (seq, id, function_key, qualifier, status, attempts, accepted_at, finished_at, error_code, error_message, memory_mb, event)
      SELECT seq, id, function_key, qualifier, ?, attempts, accepted_at, ?, ?, ?, memory_mb, event
      FROM async_queue WHERE seq = ? RETURNING function_key AS key`);
    this.#tally = db.prepare(`INSERT INTO async_tally (status, count) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count`);
    this.#prune = db.prepare(
      `DELETE FROM async_history WHERE seq <= (SELECT seq FROM async_history ORDER BY seq DESC LIMIT 1 OFFSET ${RECORDS})`,
    );
    // Steps from one function to the next in the index, however many requests each has.
    this.#functions = db.prepare(`WITH RECURSIVE f (key) AS (
      SELECT MIN(function_key) FROM async_dead
      UNION ALL
      SELECT (SELECT MIN(function_key) FROM async_dead WHERE function_key > key) FROM f WHERE key IS NOT NULL
    ) SELECT key FROM f WHERE key IS NOT NULL`);
    this.#pruneDead = db.prepare(`DELETE FROM async_dead WHERE seq IN (SELECT seq FROM (
      SELECT seq, accepted_at, ROW_NUMBER() OVER newer AS number, SUM(LENGTH(event)) OVER newer AS bytes, finished_at
      FROM async_dead WHERE function_key = ? WINDOW newer AS (ORDER BY accepted_at DESC, seq DESC))
      WHERE number > ${DEAD} OR bytes > ${DEAD_BYTES} OR finished_at < ?)`);
    this.#oldestDead = db.prepare("SELECT MIN(finished_at) AS at FROM async_dead");
    const rows = db.prepare("SELECT status, count FROM async_tally").all() as {
      status: number;
      count: number;
    }[];
    for (const status of ["success", "failed", "discarded"] as const)
      this.#counts[status] = rows.find((row) => row.status === STATUS[status])?.count ?? 0;
  }

  /** The highest number that any row has. */
  lastSeq(): number {
    const row = this.#db
      .prepare(
        `SELECT MAX(COALESCE((SELECT MAX(seq) FROM async_queue), 0), COALESCE((SELECT MAX(seq) FROM async_history), 0),
        COALESCE((SELECT MAX(seq) FROM async_dead), 0)) AS seq`,
      )
      .get() as { seq: number };
    return row.seq;
  }

  count(status: Ended): number {
    return this.#counts[status];
  }

  succeed(seq: number, outcome: AsyncOutcome, now: number): void {
    this.#added.success++;
    if (outcome.recorded !== true) return;
    this.#unpruned++;
    this.#record.run(now, seq);
  }

  /** Copies a request from the queue to the dead. */
  bury(seq: number, outcome: AsyncOutcome, now: number): void {
    const { errorCode = null, errorMessage = null } = outcome;
    const status = outcome.status === "discarded" ? "discarded" : "failed";
    this.#added[status]++;
    this.#unpruned++;
    const row = this.#bury.get(STATUS[status], now, errorCode, errorMessage, seq) as { key: string };
    this.#buried.add(row.key);
  }

  /** A transaction begins; what an earlier one added and did not commit is void. */
  begin(): void {
    this.#added.success = this.#added.failed = this.#added.discarded = 0;
  }

  /** Writes what the transaction adds to the numbers. */
  tally(): void {
    for (const status of ["success", "failed", "discarded"] as const)
      if (this.#added[status] > 0) this.#tally.run(STATUS[status], this.#added[status]);
  }

  /** The transaction is committed. */
  tallied(): void {
    for (const status of ["success", "failed", "discarded"] as const) {
      this.#counts[status] += this.#added[status];
      this.#added[status] = 0;
    }
  }

  /** Forgets what is beyond the limits, now and then. */
  prune(): void {
    const old = performance.now() >= this.#pruneAt;
    if (!old && this.#unpruned < PRUNE_EVERY) return;
    const keys = old ? (this.#functions.all() as { key: string }[]).map(({ key }) => key) : this.#buried;
    const end = old ? this.#endOfOld() : 0;
    this.#db.write(() => {
      this.#prune.run();
      for (const key of keys) this.#pruneDead.run(key, end);
    });
    this.#buried.clear();
    this.#unpruned = 0;
    if (old) this.#pruneAt = performance.now() + PRUNE_MS;
  }

  /** What ended before this is too old. Epoch ms. */
  #endOfOld(): number {
    const { at } = this.#oldestDead.get() as { at: number | null };
    return at === null ? 0 : this.#retention.end(at);
  }
}
