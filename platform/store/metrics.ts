import type { Awaitable } from "./awaitable.ts";

/** Rows of minutes are kept for 31 days. */
export const METRICS_KEPT_MS = 31 * 86_400_000;

/** Calls of a project in one month, and what they used. */
export interface MonthRow {
  /** `2026-01`, by UTC. */
  readonly month: string;
  /** Calls, rejected ones included. */
  readonly count: number;
  readonly gbSeconds: number;
}

/** Counters of one function version in one minute (guide 3.7.1). Durations in milliseconds. */
export interface MetricRow {
  readonly functionKey: string;
  readonly version: string;
  /** Epoch minute. */
  readonly minute: number;
  /** Invocations that ran; rejected ones are counted apart. */
  readonly count: number;
  readonly failCount: number;
  /** Failures that were not the function's own; part of `failCount`. */
  readonly systemFailCount: number;
  readonly rejectCount: number;
  readonly durationSum: number;
  readonly durationMax: number;
  readonly durationMin: number;
  readonly concurrencyMax: number;
  /** Most reserved instances that were seen at a time. */
  readonly reservedInstances: number;
  /** Most other instances that were seen at a time. */
  readonly onDemandInstances: number;
  /** Memory size in GB times seconds of running. */
  readonly gbSeconds: number;
}

/** Counters per minute. Over PostgreSQL they are the sums of all processes; each adds what it counted. */
export interface MetricStore {
  /** Adds rows to what is there: counts and sums add, maxima and minima widen. */
  add(rows: readonly MetricRow[]): void;
  /** Rows from minute `from` to `to`, both included, oldest first. */
  query(functionKey: string, from: number, to: number): Awaitable<MetricRow[]>;
  /** The same of all functions of a project. */
  queryProject(projectId: string, from: number, to: number): Awaitable<MetricRow[]>;
  /** Months from `first` (`2026-01`) on, oldest first; kept for good. */
  months(projectId: string, first: string): Awaitable<MonthRow[]>;
}
