import type { Postgres } from "../../cluster/connection.ts";
import { parseKeyText } from "../function-key.ts";
import { METRICS_KEPT_MS, type MetricRow, type MetricStore, type MonthRow } from "../metrics.ts";
import { Retention } from "../retention.ts";

/** Rows that are kept while PostgreSQL is away; what comes beyond is not counted. */
const KEPT = 20_000;
/** Between two looks for what is too old. */
const PRUNE_MS = 60_000;
const RETRY_MS = 1000;

const ADD = `INSERT INTO metrics (member, function_key, version, minute, count, fail_count, system_fail_count, reject_count,
    duration_sum, duration_max, duration_min, concurrency_max, reserved_instances, on_demand_instances, gb_seconds)
  SELECT $2, row.* FROM json_to_recordset($1) AS row ("functionKey" text, version text, minute integer, count bigint, "failCount" bigint,
    "systemFailCount" bigint, "rejectCount" bigint, "durationSum" float8, "durationMax" float8, "durationMin" float8,
    "concurrencyMax" integer, "reservedInstances" integer, "onDemandInstances" integer, "gbSeconds" float8)
  ON CONFLICT (function_key, minute, version, member) DO UPDATE SET
    duration_min = CASE WHEN metrics.count = 0 THEN excluded.duration_min WHEN excluded.count = 0 THEN metrics.duration_min
      ELSE LEAST(metrics.duration_min, excluded.duration_min) END,
    duration_max = GREATEST(metrics.duration_max, excluded.duration_max),
    duration_sum = metrics.duration_sum + excluded.duration_sum,
    count = metrics.count + excluded.count,
    fail_count = metrics.fail_count + excluded.fail_count,
    system_fail_count = metrics.system_fail_count + excluded.system_fail_count,
    reject_count = metrics.reject_count + excluded.reject_count,
    concurrency_max = GREATEST(metrics.concurrency_max, excluded.concurrency_max),
    reserved_instances = GREATEST(metrics.reserved_instances, excluded.reserved_instances),
    on_demand_instances = GREATEST(metrics.on_demand_instances, excluded.on_demand_instances),
    gb_seconds = metrics.gb_seconds + excluded.gb_seconds`;
const ADD_MONTHS = `INSERT INTO metric_months (project, month, count, gb_seconds)
  SELECT project, month, SUM(count), SUM("gbSeconds") FROM json_to_recordset($1)
    AS row (project text, month text, count bigint, "gbSeconds" float8) GROUP BY 1, 2 ORDER BY 1, 2
  ON CONFLICT (project, month) DO UPDATE SET count = metric_months.count + excluded.count,
    gb_seconds = metric_months.gb_seconds + excluded.gb_seconds`;
const SUMS = `function_key AS "functionKey", version, minute, SUM(count)::bigint AS count, SUM(fail_count)::bigint AS "failCount",
  SUM(system_fail_count)::bigint AS "systemFailCount", SUM(reject_count)::bigint AS "rejectCount",
  SUM(duration_sum) AS "durationSum", MAX(duration_max) AS "durationMax",
  COALESCE(MIN(duration_min) FILTER (WHERE count > 0), 0) AS "durationMin", SUM(concurrency_max)::integer AS "concurrencyMax",
  SUM(reserved_instances)::integer AS "reservedInstances", SUM(on_demand_instances)::integer AS "onDemandInstances",
  SUM(gb_seconds) AS "gbSeconds"`;

/**
 * Counters of all processes: each adds its own rows, a little later, and sums are made when they are read. What is a maximum
 * of each process is summed too: instances side by side add up, and concurrency is at most that.
 */
export class PostgresMetrics implements MetricStore {
  readonly #postgres: Postgres;
  readonly #memberId: string;
  readonly #problem: (error: unknown) => void;
  /** Not yet written, by function, minute and version: a statement may name each but once. */
  #rows = new Map<string, MetricRow>();
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  readonly #retention = new Retention(METRICS_KEPT_MS);
  /** performance.now() */
  #pruneAt = 0;

  constructor(postgres: Postgres, memberId: string, problem: (error: unknown) => void) {
    this.#postgres = postgres;
    this.#memberId = memberId;
    this.#problem = problem;
  }

  add(rows: readonly MetricRow[]): void {
    for (const row of rows) {
      const id = `${row.functionKey} ${row.minute} ${row.version}`;
      const known = this.#rows.get(id);
      if (known !== undefined) this.#rows.set(id, sumOf(known, row));
      else if (this.#rows.size < KEPT) this.#rows.set(id, row);
    }
    this.#write();
  }

  async query(functionKey: string, from: number, to: number): Promise<MetricRow[]> {
    await this.#writing;
    return this.#select("function_key = $1 AND minute BETWEEN $2 AND $3", [functionKey, from, to]);
  }

  async queryProject(projectId: string, from: number, to: number): Promise<MetricRow[]> {
    await this.#writing;
    // A key begins with its project and a slash; the character after the slash ends the range.
    const range = [`${projectId}/`, `${projectId}0`, from, to];
    return this.#select("function_key >= $1 AND function_key < $2 AND minute BETWEEN $3 AND $4", range);
  }

  async months(projectId: string, first: string): Promise<MonthRow[]> {
    await this.#writing;
    return this.#postgres.query<MonthRow & Record<string, unknown>>(
      `SELECT month, count, gb_seconds AS "gbSeconds" FROM metric_months WHERE project = $1 AND month >= $2 ORDER BY month`,
      [projectId, first],
    );
  }

  /** Writes what is left, as far as PostgreSQL takes it. */
  async close(): Promise<void> {
    this.#write();
    await this.#writing;
    clearTimeout(this.#retry);
  }

  #select(where: string, values: readonly unknown[]): Promise<MetricRow[]> {
    return this.#postgres.query<MetricRow & Record<string, unknown>>(
      `SELECT ${SUMS} FROM metrics WHERE ${where} GROUP BY 1, 2, 3 ORDER BY minute, version`,
      values,
    );
  }

  #write(): void {
    if (this.#rows.size > 0) this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
  }

  async #writeAll(): Promise<void> {
    clearTimeout(this.#retry);
    while (this.#rows.size > 0) {
      const rows = [...this.#rows.values()];
      this.#rows = new Map();
      try {
        await this.#store(rows);
      } catch (error) {
        this.#problem(error);
        for (const row of rows) this.#putBack(row);
        this.#retry = setTimeout(() => this.#write(), RETRY_MS).unref();
        return;
      }
    }
  }

  #putBack(row: MetricRow): void {
    const id = `${row.functionKey} ${row.minute} ${row.version}`;
    const newer = this.#rows.get(id);
    this.#rows.set(id, newer === undefined ? row : sumOf(row, newer));
  }

  async #store(rows: readonly MetricRow[]): Promise<void> {
    const months = rows.map(({ functionKey, minute, count, rejectCount, gbSeconds }) => ({
      project: parseKeyText(functionKey).projectId,
      month: new Date(minute * 60_000).toISOString().slice(0, 7),
      count: count + rejectCount,
      gbSeconds,
    }));
    await this.#postgres.transact(async (client) => {
      await client.query(ADD, [JSON.stringify(rows), this.#memberId]);
      await client.query(ADD_MONTHS, [JSON.stringify(months)]);
    });
    if (performance.now() >= this.#pruneAt) await this.#prune();
  }

  /** What could not be deleted is so the next time. */
  async #prune(): Promise<void> {
    this.#pruneAt = performance.now() + PRUNE_MS;
    try {
      const [row] = await this.#postgres.query<{ oldest: number }>(
        "SELECT min(minute)::bigint * 60000 AS oldest FROM metrics",
      );
      if (row === undefined) return;
      const end = Math.floor(this.#retention.end(row.oldest) / 60_000);
      await this.#postgres.query("DELETE FROM metrics WHERE minute < $1", [end]);
    } catch (error) {
      this.#problem(error);
    }
  }
}

function sumOf(one: MetricRow, other: MetricRow): MetricRow {
  const ran = [one, other].filter((row) => row.count > 0).map((row) => row.durationMin);
  return {
    functionKey: one.functionKey,
    version: one.version,
    minute: one.minute,
    count: one.count + other.count,
    failCount: one.failCount + other.failCount,
    systemFailCount: one.systemFailCount + other.systemFailCount,
    rejectCount: one.rejectCount + other.rejectCount,
    durationSum: one.durationSum + other.durationSum,
    durationMax: Math.max(one.durationMax, other.durationMax),
    durationMin: ran.length === 0 ? 0 : Math.min(...ran),
    concurrencyMax: Math.max(one.concurrencyMax, other.concurrencyMax),
    reservedInstances: Math.max(one.reservedInstances, other.reservedInstances),
    onDemandInstances: Math.max(one.onDemandInstances, other.onDemandInstances),
    gbSeconds: one.gbSeconds + other.gbSeconds,
  };
}
