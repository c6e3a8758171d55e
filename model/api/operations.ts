import type { OperationRow, OperationTable } from "./operation-row.ts";
import { APPLICATION_OPERATIONS } from "./operations/application.ts";
import { DEPENDENCY_OPERATIONS } from "./operations/dependency.ts";
import { EXTRA_OPERATIONS } from "./operations/extra.ts";
import { FLOW_OPERATIONS } from "./operations/flow.ts";
import { FUNCTION_OPERATIONS } from "./operations/function.ts";
import { INVOCATION_OPERATIONS } from "./operations/invocation.ts";
import { METRIC_OPERATIONS } from "./operations/metric.ts";
import { RESERVED_INSTANCE_OPERATIONS } from "./operations/reserved-instance.ts";
import { SETTING_OPERATIONS } from "./operations/setting.ts";
import { TAG_OPERATIONS } from "./operations/tag.ts";
import { TEST_EVENT_OPERATIONS } from "./operations/test-event.ts";
import { TRIGGER_OPERATIONS } from "./operations/trigger.ts";
import { VERSION_OPERATIONS } from "./operations/version.ts";

/**
 * Every operation of the API by its id; the one table that routes, roles, checks and documents are made from. Of two rows
 * that fit a path the first is meant: tags come last, because their paths begin with any kind of resource.
 */
export const OPERATIONS = {
  ...FUNCTION_OPERATIONS,
  ...VERSION_OPERATIONS,
  ...TRIGGER_OPERATIONS,
  ...INVOCATION_OPERATIONS,
  ...TEST_EVENT_OPERATIONS,
  ...DEPENDENCY_OPERATIONS,
  ...APPLICATION_OPERATIONS,
  ...RESERVED_INSTANCE_OPERATIONS,
  ...METRIC_OPERATIONS,
  ...SETTING_OPERATIONS,
  ...FLOW_OPERATIONS,
  ...EXTRA_OPERATIONS,
  ...TAG_OPERATIONS,
} as const;

export type OperationId = keyof typeof OPERATIONS;

export const OPERATION_IDS = Object.keys(OPERATIONS) as readonly OperationId[];

/** The row of an operation, with all that a row may have. */
export function operationRow(id: OperationId): OperationRow {
  return OPERATIONS[id];
}

/** The operations by family, in the order of documents. */
export const FAMILIES: Readonly<Record<string, OperationTable>> = {
  Functions: FUNCTION_OPERATIONS,
  "Versions and aliases": VERSION_OPERATIONS,
  Triggers: TRIGGER_OPERATIONS,
  Invocations: INVOCATION_OPERATIONS,
  "Test events": TEST_EVENT_OPERATIONS,
  Dependencies: DEPENDENCY_OPERATIONS,
  "Applications and templates": APPLICATION_OPERATIONS,
  "Reserved instances": RESERVED_INSTANCE_OPERATIONS,
  "Metrics and quotas": METRIC_OPERATIONS,
  "Logs, tracing and network": SETTING_OPERATIONS,
  Workflows: FLOW_OPERATIONS,
  "Beyond the SDK": EXTRA_OPERATIONS,
  Tags: TAG_OPERATIONS,
};
