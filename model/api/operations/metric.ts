import { FGS, FUNCTION, FUNCTIONS } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on metrics and quotas. */
export const METRIC_OPERATIONS = {
  ListStatistics: {
    method: "GET",
    path: `${FUNCTIONS}/statistics`,
    access: "read",
    query: {
      filter: "StatisticsFilter!",
      period: "string",
      option: "string",
      limit: "string",
      marker: "string",
    },
    reply: "ListStatisticsResponse",
    status: 200,
    summary: "Shows the use of a project: calls and GB-seconds by month, or its metrics.",
    offCloud: "Nothing is billed; the numbers are what would be.",
  },
  ListFunctionStatistics: {
    method: "GET",
    path: `${FUNCTION}/statistics/{period}`,
    access: "read",
    reply: "ListFunctionStatisticsResponse",
    status: 200,
    summary: "Shows the metrics of a function over a number of minutes.",
  },
  ShowFunctionMetrics: {
    method: "GET",
    path: `${FUNCTION}/slareports/{period}`,
    access: "read",
    reply: "ShowFunctionMetricsResponse",
    status: 200,
    summary: "Shows the traffic of a function over a number of minutes.",
  },
  ListFunctionAsMetric: {
    method: "GET",
    path: `${FGS}/function/report`,
    access: "read",
    query: { type: "string", start_time: "string", end_time: "string", limit: "string" },
    reply: "ListFunctionAsMetricResponse",
    status: 200,
    summary: "Lists functions in the order of one metric.",
  },
  ListQuotas: {
    method: "GET",
    path: `${FGS}/quotas`,
    access: "read",
    reply: "ListQuotasResponse",
    status: 200,
    summary: "Shows the quotas of a project and how much of each is used.",
  },
} as const satisfies OperationTable;
