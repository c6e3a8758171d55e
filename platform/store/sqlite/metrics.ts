import type { StatementSync } from "node:sqlite";

import { METRICS_KEPT_MS, type MetricRow, type MetricStore, type MonthRow } from "../metrics.ts";
import { parseKeyText } from "../function-key.ts";
import { Retention } from "../retention.ts";
import type { Database } from "./database.ts";

/** Counters per function, version and minute, kept for 31 days. */
export class SqliteMetrics implements MetricStore {
  readonly #db: Database;
  readonly #add: StatementSync;
  readonly #prune: StatementSync;
  readonly #oldest: StatementSync;
  readonly #query: StatementSync;
  readonly #queryProject: StatementSync;
  readonly #addMonth: StatementSync;
  readonly #months: StatementSync;
  readonly #retention = new Retention(METRICS_KEPT_MS);

  constructor(db: Database) {
    this.#db = db;
    // A row without invocations has no durations: it must not pull the minimum to zero.
    this.#add =
      db.prepare(`INSERT INTO metrics (function_key, minute, version, count, fail_count, system_fail_count, reject_count,
      duration_sum, duration_max, duration_min, concurrency_max, reserved_instances, on_demand_instances, gb_seconds)
      VALUES (:functionKey, :minute, :version, :count, :failCount, :systemFailCount, :rejectCount,
        :durationSum, :durationMax, :durationMin, :concurrencyMax, :reservedInstances, :onDemandInstances, :gbSeconds)
      ON CONFLICT DO UPDATE SET
        duration_min = CASE WHEN count = 0 THEN excluded.duration_min WHEN excluded.count = 0 THEN duration_min
          ELSE MIN(duration_min, excluded.duration_min) END,
        duration_max = MAX(duration_max, excluded.duration_max),
        duration_sum = duration_sum + excluded.duration_sum,
        count = count + excluded.count,
        fail_count = fail_count + excluded.fail_count,
        system_fail_count = system_fail_count + excluded.system_fail_count,
        reject_count = reject_count + excluded.reject_count,
        concurrency_max = MAX(concurrency_max, excluded.concurrency_max),
        reserved_instances = MAX(reserved_instances, excluded.reserved_instances),
        on_demand_instances = MAX(on_demand_instances, excluded.on_demand_instances),
        gb_seconds = gb_seconds + excluded.gb_seconds`);
    this.#prune = db.prepare("DELETE FROM metrics WHERE minute < ?");
    this.#oldest = db.prepare("SELECT MIN(minute) * 60000 AS at FROM metrics");
    const select = `SELECT function_key AS functionKey, version, minute, count, fail_count AS failCount,
      system_fail_count AS systemFailCount, reject_count AS rejectCount, duration_sum AS durationSum,
      duration_max AS durationMax, duration_min AS durationMin, concurrency_max AS concurrencyMax,
      reserved_instances AS reservedInstances, on_demand_instances AS onDemandInstances, gb_seconds AS gbSeconds FROM metrics`;
    this.#query = db.prepare(
      `${select} WHERE function_key = ? AND minute BETWEEN ? AND ? ORDER BY minute, version`,
    );
    // A key begins with its project and a slash; the character after the slash ends the range.
    this.#queryProject = db.prepare(
      `${select} WHERE function_key >= ? || '/' AND function_key < ? || '0' AND minute BETWEEN ? AND ? ORDER BY minute`,
    );
    this.#addMonth =
      db.prepare(`INSERT INTO metric_months (project, month, count, gb_seconds) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count, gb_seconds = gb_seconds + excluded.gb_seconds`);
    this.#months = db.prepare(`SELECT month, count, gb_seconds AS gbSeconds FROM metric_months
      WHERE project = ? AND month >= ? ORDER BY month`);
  }

  add(rows: readonly MetricRow[]): void {
    if (rows.length === 0) return;
    this.#db.transact(() => {
      for (const row of rows) {
        this.#add.run({ ...row });
        const { projectId } = parseKeyText(row.functionKey);
        const month = new Date(row.minute * 60_000).toISOString().slice(0, 7);
        this.#addMonth.run(projectId, month, row.count + row.rejectCount, row.gbSeconds);
      }
      const { at } = this.#oldest.get() as { at: number };
      this.#prune.run(Math.floor(this.#retention.end(at) / 60_000));
    });
  }

  query(functionKey: string, from: number, to: number): MetricRow[] {
    return this.#query.all(functionKey, from, to) as unknown as MetricRow[];
  }

  queryProject(projectId: string, from: number, to: number): MetricRow[] {
    return this.#queryProject.all(projectId, projectId, from, to) as unknown as MetricRow[];
  }

  months(projectId: string, first: string): MonthRow[] {
    return this.#months.all(projectId, first) as unknown as MonthRow[];
  }
}
