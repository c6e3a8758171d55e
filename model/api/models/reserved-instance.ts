import type { ModelTable } from "../notation.ts";

/** Bodies and replies of reserved instances, in the notation of ../notation.ts. */
export const RESERVED_INSTANCE_MODELS = {
  PageInfo: { next_marker: "integer!", previous_marker: "integer!", current_count: "integer!" },
  UpdateFunctionReservedInstancesCountRequestBody: {
    count: "integer!",
    idle_mode: "boolean",
    tactics_config: "TacticsConfig",
  },
  TacticsConfig: { cron_configs: "CronConfig[]", metric_configs: "MetricConfig[]" },
  CronConfig: {
    name: "string",
    cron: "string",
    count: "integer",
    start_time: "integer",
    expired_time: "integer",
  },
  MetricConfig: { name: "string", type: "MetricPolicyType", threshold: "integer", min: "integer" },
  UpdateFunctionReservedInstancesCountResponse: {
    count: "integer",
    idle_mode: "boolean",
    tactics_config: "TacticsConfig",
  },
  ListFunctionReservedInstancesResponse: {
    reservedinstances: "FuncReservedInstance[]",
    page_info: "PageInfo",
    count: "integer",
  },
  FuncReservedInstance: { func_urn: "string!", count: "integer!" },
  ListReservedInstanceConfigsResponse: {
    reserved_instances: "ReservedInstanceConfigs[]",
    page_info: "PageInfo",
    count: "integer",
  },
  ReservedInstanceConfigs: {
    function_urn: "string",
    qualifier_type: "string",
    qualifier_name: "string",
    min_count: "integer",
    idle_mode: "boolean",
    tactics_config: "TacticsConfig",
  },
  ShowFuncReservedInstanceMetricsResponse: {
    instanceNum: "SlaReportsValue[]",
    reservedInstanceNum: "SlaReportsValue[]",
  },
} as const satisfies ModelTable;
