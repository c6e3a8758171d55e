import type { StatementSync } from "node:sqlite";

import type { MetricRow, MetricStore } from "../store.ts";
import type { Database } from "./database.ts";

/** Minutes that metrics are kept: 31 days. */
const KEPT_MINUTES = 31 * 24 * 60;

/** Counters per function, version and minute, kept for 31 days. */
export class SqliteMetrics implements MetricStore {
  readonly #db: Database;
  readonly #add: StatementSync;
  readonly #prune: StatementSync;
  readonly #query: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    // A row without invocations has no durations: it must not pull the minimum to zero.
    this.#add =
      db.prepare(`INSERT INTO metrics (function_key, minute, version, count, fail_count, reject_count,
      duration_sum, duration_max, duration_min, concurrency_max, reserved_instances)
      VALUES (:functionKey, :minute, :version, :count, :failCount, :rejectCount,
        :durationSum, :durationMax, :durationMin, :concurrencyMax, :reservedInstances)
      ON CONFLICT DO UPDATE SET
        duration_min = CASE WHEN count = 0 THEN excluded.duration_min WHEN excluded.count = 0 THEN duration_min
          ELSE MIN(duration_min, excluded.duration_min) END,
        duration_max = MAX(duration_max, excluded.duration_max),
        duration_sum = duration_sum + excluded.duration_sum,
        count = count + excluded.count,
        fail_count = fail_count + excluded.fail_count,
        reject_count = reject_count + excluded.reject_count,
        concurrency_max = MAX(concurrency_max, excluded.concurrency_max),
        reserved_instances = MAX(reserved_instances, excluded.reserved_instances)`);
    this.#prune = db.prepare("DELETE FROM metrics WHERE minute < ?");
    this.#query =
      db.prepare(`SELECT function_key AS functionKey, version, minute, count, fail_count AS failCount,
      reject_count AS rejectCount, duration_sum AS durationSum, duration_max AS durationMax, duration_min AS durationMin,
      concurrency_max AS concurrencyMax, reserved_instances AS reservedInstances
      FROM metrics WHERE function_key = ? AND minute BETWEEN ? AND ? ORDER BY minute, version`);
  }

  add(rows: readonly MetricRow[]): void {
    if (rows.length === 0) return;
    this.#db.transact(() => {
      for (const row of rows) this.#add.run({ ...row });
      this.#prune.run(Math.floor(Date.now() / 60_000) - KEPT_MINUTES);
    });
  }

  query(functionKey: string, from: number, to: number): MetricRow[] {
    return this.#query.all(functionKey, from, to) as unknown as MetricRow[];
  }
}
