import type { ModelTable } from "../notation.ts";

const LIST_FUNCTION_STATISTICS_RESPONSE = {
  count: "SlaReportsValue[]",
  duration: "SlaReportsValue[]",
  fail_count: "SlaReportsValue[]",
  max_duration: "SlaReportsValue[]",
  min_duration: "SlaReportsValue[]",
  reject_count: "SlaReportsValue[]",
  function_error_count: "SlaReportsValue[]",
  system_error_count: "SlaReportsValue[]",
  reserved_instance_num: "SlaReportsValue[]",
  concurrency_num: "SlaReportsValue[]",
} as const;

/** Bodies and replies of metrics and quotas, in the notation of ../notation.ts. */
export const METRIC_MODELS = {
  SlaReportsValue: { timestamp: "integer", value: "number" },
  ListFunctionAsMetricResponse: { values: "FunctionMetric[]", next_marker: "integer", count: "integer" },
  FunctionMetric: { key: "string", value: "integer" },
  ListFunctionStatisticsResponse: LIST_FUNCTION_STATISTICS_RESPONSE,
  ListStatisticsResponse: {
    count: "MonthUsed[]",
    gbs: "MonthUsed[]",
    gpu_gbs: "MonthUsed[]",
    statistics: "ListFunctionStatisticsResponseBody",
  },
  MonthUsed: { date: "string", value: "number" },
  ListFunctionStatisticsResponseBody: LIST_FUNCTION_STATISTICS_RESPONSE,
  ShowFunctionMetricsResponse: {
    concurrency_num: "SlaReportsValue[]",
    count: "SlaReportsValue[]",
    duration: "SlaReportsValue[]",
    fail_count: "SlaReportsValue[]",
    function_error_count: "SlaReportsValue[]",
    system_error_count: "SlaReportsValue[]",
    instance_num: "SlaReportsValue[]",
    max_duration: "SlaReportsValue[]",
    min_duration: "SlaReportsValue[]",
    reject_count: "SlaReportsValue[]",
    reserved_instance_num: "SlaReportsValue[]",
  },
  ListQuotasResponse: { quotas: "ListQuotasResult" },
  ListQuotasResult: { resources: "QuotaResource[]!" },
  QuotaResource: { quota: "integer", used: "integer", type: "QuotaType", unit: "string" },
} as const satisfies ModelTable;
