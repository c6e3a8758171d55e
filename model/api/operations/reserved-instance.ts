import { FUNCTION, FUNCTIONS } from "../paths.ts";
import type { OperationTable } from "../operation-row.ts";

/** Operations on reserved instances. */
export const RESERVED_INSTANCE_OPERATIONS = {
  UpdateFunctionReservedInstancesCount: {
    method: "PUT",
    path: `${FUNCTION}/reservedinstances`,
    access: "manage",
    body: "UpdateFunctionReservedInstancesCountRequestBody",
    reply: "UpdateFunctionReservedInstancesCountResponse",
    status: 200,
    summary: "Reserves instances of a version or alias, by number and by tactics.",
    formerly: "UpdateFunctionReservedInstances",
  },
  ListFunctionReservedInstances: {
    method: "GET",
    path: `${FUNCTIONS}/reservedinstances`,
    access: "read",
    query: { marker: "string", limit: "string", urn: "string" },
    reply: "ListFunctionReservedInstancesResponse",
    status: 200,
    summary: "Lists how many instances each function has reserved.",
  },
  ListReservedInstanceConfigs: {
    method: "GET",
    path: `${FUNCTIONS}/reservedinstanceconfigs`,
    access: "read",
    query: { function_urn: "string", marker: "string", limit: "string" },
    reply: "ListReservedInstanceConfigsResponse",
    status: 200,
    summary: "Lists the reservations with their tactics.",
  },
  ShowFuncReservedInstanceMetrics: {
    method: "GET",
    path: `${FUNCTION}/instancereports`,
    access: "read",
    query: { marker: "string", limit: "string" },
    reply: "ShowFuncReservedInstanceMetricsResponse",
    status: 200,
    summary: "Shows how many instances a function had, and how many of them were reserved.",
  },
} as const satisfies OperationTable;
