import type { MetricRow } from "../store/metrics.ts";

/** One value of a series; −1 where nothing was measured. */
export interface Point {
  /** Epoch ms at which its interval begins. */
  readonly timestamp: number;
  readonly value: number;
}

/** Minutes that a series covers, up to now. */
export interface Span {
  /** Epoch minutes, both included. */
  readonly from: number;
  readonly to: number;
  /** Minutes between two points. */
  readonly step: number;
}

const MINUTE_MS = 60_000;
const NO_DATA = -1;

/** The last `minutes`: a point a minute up to an hour, every 30 minutes up to a day, else every three hours. */
export function spanOf(minutes: number, now: number): Span {
  const to = Math.floor(now / MINUTE_MS);
  const step = minutes <= 60 ? 1 : minutes <= 1440 ? 30 : 180;
  const last = to - (to % step);
  return { from: last - (Math.ceil(minutes / step) - 1) * step, to, step };
}

/** How one metric is read from the rows of an interval. Rows of minutes in which nothing ran still count instances. */
export const METRICS = {
  count: (rows) => (called(rows) ? sum(rows, callsOf) : NO_DATA),
  duration: (rows) =>
    ran(rows) ? sum(rows, (row) => row.durationSum) / sum(rows, (row) => row.count) : NO_DATA,
  fail_count: (rows) => (called(rows) ? sum(rows, (row) => row.failCount) : NO_DATA),
  max_duration: (rows) => (ran(rows) ? most(rows, (row) => row.durationMax) : NO_DATA),
  min_duration: (rows) =>
    ran(rows) ? Math.min(...rows.filter((row) => row.count > 0).map((row) => row.durationMin)) : NO_DATA,
  reject_count: (rows) => (called(rows) ? sum(rows, (row) => row.rejectCount) : NO_DATA),
  function_error_count: (rows) =>
    called(rows) ? sum(rows, (row) => row.failCount - row.systemFailCount) : NO_DATA,
  system_error_count: (rows) => (called(rows) ? sum(rows, (row) => row.systemFailCount) : NO_DATA),
  reserved_instance_num: (rows) =>
    rows.length === 0 ? NO_DATA : perMinute(rows, (row) => row.reservedInstances),
  instance_num: (rows) => (rows.length === 0 ? NO_DATA : perMinute(rows, (row) => row.onDemandInstances)),
  concurrency_num: (rows) => (called(rows) ? most(rows, (row) => row.concurrencyMax) : NO_DATA),
} satisfies Readonly<Record<string, Metric>>;

/** Reads one metric. */
export type Metric = (rows: readonly MetricRow[]) => number;
export type MetricName = keyof typeof METRICS;

/** One series a metric; every interval of the span has a point. */
export function seriesOf<N extends MetricName>(
  rows: readonly MetricRow[],
  span: Span,
  names: readonly N[],
): Record<N, Point[]> {
  const byStep = Map.groupBy(rows, (row) => row.minute - (row.minute % span.step));
  const series = Object.fromEntries(names.map((name) => [name, [] as Point[]])) as unknown as Record<
    N,
    Point[]
  >;
  for (let minute = span.from; minute <= span.to; minute += span.step) {
    const here = byStep.get(minute) ?? [];
    for (const name of names)
      series[name].push({ timestamp: minute * MINUTE_MS, value: rounded(METRICS[name](here)) });
  }
  return series;
}

function callsOf(row: MetricRow): number {
  return row.count + row.rejectCount;
}

function called(rows: readonly MetricRow[]): boolean {
  return rows.some((row) => callsOf(row) > 0);
}

function ran(rows: readonly MetricRow[]): boolean {
  return rows.some((row) => row.count > 0);
}

function sum(rows: readonly MetricRow[], read: (row: MetricRow) => number): number {
  return rows.reduce((total, row) => total + read(row), 0);
}

function most(rows: readonly MetricRow[], read: (row: MetricRow) => number): number {
  return rows.reduce((top, row) => Math.max(top, read(row)), 0);
}

/** Versions that stand side by side in a minute add up; of minutes the highest counts. */
function perMinute(rows: readonly MetricRow[], read: (row: MetricRow) => number): number {
  const minutes = Map.groupBy(rows, (row) => row.minute);
  return Math.max(...[...minutes.values()].map((side) => sum(side, read)));
}

/** Microseconds are as fine as durations are measured. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
