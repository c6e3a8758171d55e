import { formatFunctionUrn } from "../../model/names.ts";
import { METRICS_KEPT_MS, type MetricRow } from "../store/metrics.ts";
import { keyText, parseKeyText } from "../store/function-key.ts";
import { ApiError } from "./api-error.ts";
import { METRICS, seriesOf, spanOf, type Metric, type MetricName, type Span } from "./metric-series.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { rangeOf } from "./page.ts";
import { shown, targetOf } from "./target.ts";

const STATISTICS: readonly MetricName[] = [
  "count",
  "duration",
  "fail_count",
  "max_duration",
  "min_duration",
  "reject_count",
  "function_error_count",
  "system_error_count",
  "reserved_instance_num",
  "concurrency_num",
];

const HOUR = 60;
const MINUTE_MS = 60_000;
const MOST_MINUTES = METRICS_KEPT_MS / MINUTE_MS;
const DAY_MS = 86_400_000;
/** Months that `option` counts, the current one among them; the last month is told apart. */
const OPTIONS: Readonly<Record<string, { readonly first: number; readonly months: number }>> = {
  "0": { first: 0, months: 1 },
  "1": { first: -1, months: 1 },
  "2": { first: -2, months: 3 },
  "3": { first: -5, months: 6 },
};

/**
 * All functions of the project together. Query: `filter` is `monitor_data` (series over the last `period` minutes, default
 * 60) or `monthly_report` (calls and GB-seconds a month; `option` 0 this month, 1 the last one, 2 the last three, 3 the
 * last six; anything else counts as 0). There are no GPUs, so `gpu_gbs` is 0.
 */
async function listStatistics(call: Call, { store, live }: ApiContext): Promise<Reply> {
  const filter = call.query.get("filter") ?? "";
  await live.flush();
  if (filter === "monthly_report") {
    const months = monthsOf(call.query.get("option") ?? "");
    const known = new Map(
      (await store.metrics.months(call.projectId, months[0] ?? "")).map((row) => [row.month, row]),
    );
    const report = (read: (month: string) => number): unknown =>
      months.map((date) => ({ date, value: read(date) }));
    return ok({
      count: report((month) => known.get(month)?.count ?? 0),
      gbs: report((month) => Math.round((known.get(month)?.gbSeconds ?? 0) * 1000) / 1000),
      gpu_gbs: report(() => 0),
    });
  }
  if (filter !== "monitor_data") {
    throw new ApiError(
      "FSS.1001",
      `filter is ${shown(filter)}, it must be monitor_data or monthly_report. Send filter=monitor_data, for example.`,
    );
  }
  const span = spanOf(minutesOf(call.query.get("period") || "60"), Date.now());
  const rows = await store.metrics.queryProject(call.projectId, span.from, span.to);
  return ok({ statistics: seriesOf(rows, span, STATISTICS) });
}

/** Series of the last `period` minutes; of one version where the URN names it. */
async function listFunctionStatistics(call: Call, context: ApiContext): Promise<Reply> {
  const span = spanOf(minutesOf(call.parameters["period"] ?? ""), Date.now());
  return ok(seriesOf(await rowsOf(call, span, context), span, STATISTICS));
}

/** As ListFunctionStatistics, with the instances that were not reserved. */
async function showFunctionMetrics(call: Call, context: ApiContext): Promise<Reply> {
  const span = spanOf(minutesOf(call.parameters["period"] ?? ""), Date.now());
  return ok(seriesOf(await rowsOf(call, span, context), span, [...STATISTICS, "instance_num"]));
}

/** Instances of the last hour, minute by minute. Query: `marker`, `limit` (default 100) cut the series. */
async function showFuncReservedInstanceMetrics(call: Call, context: ApiContext): Promise<Reply> {
  const { offset, limit } = rangeOf(call.query, { default: 100, max: 500 });
  const span = spanOf(HOUR, Date.now());
  const rows = await rowsOf(call, span, context);
  const series = seriesOf(rows, span, ["instance_num", "reserved_instance_num"]);
  return ok({
    instanceNum: series.instance_num.slice(offset, offset + limit),
    reservedInstanceNum: series.reserved_instance_num.slice(offset, offset + limit),
  });
}

/** What ListFunctionAsMetric can sort by, in lower case. */
const SORTS: Readonly<Record<string, Metric>> = {
  failcount: METRICS.fail_count,
  count: METRICS.count,
  aom_prom_fixed_count: METRICS.count,
  duration: METRICS.duration,
  minduration: METRICS.min_duration,
  maxduration: METRICS.max_duration,
  // The interface document writes it so.
  maxdauration: METRICS.max_duration,
  functionerrorcount: METRICS.function_error_count,
  systemerrorcount: METRICS.system_error_count,
  rejectcount: METRICS.reject_count,
  concurrency: METRICS.concurrency_num,
  reservedinstancenum: METRICS.reserved_instance_num,
  payperuseinstance: METRICS.instance_num,
};

/**
 * Functions with the most of a metric. Query: `type` (default failcount), `start_time` and `end_time` (epoch seconds or
 * milliseconds; default the last day), `limit` (default 10).
 */
async function listFunctionAsMetric(call: Call, { store, live, place }: ApiContext): Promise<Reply> {
  const type = call.query.get("type") || "failcount";
  const metric = SORTS[type.toLowerCase()];
  if (metric === undefined) {
    throw new ApiError(
      "FSS.1001",
      `type is ${shown(type)}, which this platform does not measure. Use one of ${Object.keys(SORTS).join(", ")}.`,
    );
  }
  const to = momentOf(call.query, "end_time", Date.now());
  const from = momentOf(call.query, "start_time", to - DAY_MS);
  const { offset, limit } = rangeOf(call.query, { default: 10 });
  await live.flush();
  const rows = await store.metrics.queryProject(
    call.projectId,
    Math.floor(from / MINUTE_MS),
    Math.floor(to / MINUTE_MS),
  );
  const values = [...Map.groupBy(rows, (row) => row.functionKey)]
    .map(([key, own]) => ({ key, value: Math.round(metric(own)) }))
    .filter(({ value }) => value >= 0)
    .sort((a, b) => b.value - a.value)
    .slice(offset, offset + limit)
    .map(({ key, value }) => ({
      key: formatFunctionUrn({ region: place.region, ...parseKeyText(key) }),
      value,
    }));
  return ok({ values, next_marker: offset + values.length, count: values.length });
}

async function rowsOf(call: Call, span: Span, context: ApiContext): Promise<MetricRow[]> {
  const { store, live } = context;
  const { key, qualifier, urn } = targetOf(call, context);
  await live.flush();
  const rows = await store.metrics.query(keyText(key), span.from, span.to);
  return urn.qualified && urn.alias === undefined ? rows.filter((row) => row.version === qualifier) : rows;
}

function minutesOf(text: string): number {
  const minutes = Number(text);
  if (/^\d+$/.test(text) && minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new ApiError(
    "FSS.1001",
    `period is ${shown(text)}, it must be a whole number of minutes from 1 to ${MOST_MINUTES}. Use 60 for the last hour, for example.`,
  );
}

function momentOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name) ?? "";
  if (text === "") return otherwise;
  if (!/^\d{1,15}$/.test(text))
    throw new ApiError("FSS.1001", `${name} is ${shown(text)}, it must be a time in seconds since 1970.`);
  // Seconds have ten digits until the year 2286.
  return text.length <= 10 ? Number(text) * 1000 : Number(text);
}

function monthsOf(option: string): string[] {
  const { first, months } = OPTIONS[option] ?? { first: 0, months: 1 };
  const now = new Date();
  return Array.from({ length: months }, (_, index) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + first + index, 1)).toISOString().slice(0, 7),
  );
}

/** Numbers of functions and of the project. */
export const statisticsOperations = {
  ListStatistics: listStatistics,
  ListFunctionStatistics: listFunctionStatistics,
  ShowFunctionMetrics: showFunctionMetrics,
  ShowFuncReservedInstanceMetrics: showFuncReservedInstanceMetrics,
  ListFunctionAsMetric: listFunctionAsMetric,
} satisfies Operations;
