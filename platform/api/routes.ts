import {
  createVersionAlias,
  deleteVersionAlias,
  listVersionAliases,
  showVersionAlias,
  updateVersionAlias,
} from "./aliases.ts";
import {
  deleteFunctionAsyncInvokeConfig,
  listFunctionAsyncInvokeConfig,
  showFunctionAsyncInvokeConfig,
  updateFunctionAsyncInvokeConfig,
} from "./async-configs.ts";
import { ASYNC_RECORD_ROUTES } from "./async-records.ts";
import { showFunctionCode, updateFunctionCode } from "./function-code.ts";
import {
  showFunctionConfig,
  updateFunctionConfig,
  updateFunctionMaxInstanceConfig,
} from "./function-config.ts";
import { createFunction, deleteFunction, listFunctions } from "./functions.ts";
import { APPLICATION_ROUTES } from "./applications.ts";
import { DEPENDENCY_ROUTES } from "./dependencies.ts";
import { COMPANION_ROUTES } from "./companions.ts";
import { TEMPLATE_ROUTES } from "./templates.ts";
import type { Operation } from "./operation.ts";
import { PROJECT_ROUTES } from "./projects.ts";
import { OBSERVATION_ROUTES } from "./observation.ts";
import { QUOTA_ROUTES } from "./quotas.ts";
import { RESERVED_INSTANCE_ROUTES } from "./reserved-instances.ts";
import { STATISTIC_ROUTES } from "./statistics.ts";
import { SIGN_IN_ROUTES } from "./sign-in.ts";
import { CATALOGUE_ROUTES } from "./catalogue.ts";
import { VPC_ENDPOINT_ROUTES } from "./vpc-endpoints.ts";
import { WORKFLOW_EXECUTION_ROUTES } from "./workflow-executions.ts";
import { WORKFLOW_ROUTES } from "./workflows.ts";
import { FUNCTION_URL_ROUTES } from "./function-url.ts";
import { EXPORT_ROUTES } from "./export.ts";
import { IMPORT_ROUTES } from "./import.ts";
import { TAG_ROUTES } from "./tags.ts";
import { createEvent, deleteEvent, listEvents, showEvent, updateEvent } from "./test-events.ts";
import {
  batchDeleteFunctionTriggers,
  createFunctionTrigger,
  deleteFunctionTrigger,
  listFunctionTriggers,
  showFunctionTrigger,
  updateTrigger,
} from "./triggers.ts";
import { USER_ROUTES } from "./users.ts";
import { createFunctionVersion, listFunctionVersions } from "./versions.ts";

/** What a body may be at most: plain settings, a test event, or a code archive as Base64. */
export type BodySize = "settings" | "event" | "code";

/** One row of the route table. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly operation: Operation;
  readonly body: BodySize;
}

const FUNCTIONS = "/v2/{project_id}/fgs/functions";
const FUNCTION = `${FUNCTIONS}/{function_urn}`;
const ALIAS = `${FUNCTION}/aliases/{alias_name}`;
const EVENT = `${FUNCTION}/events/{event_id}`;
const TRIGGERS = "/v2/{project_id}/fgs/triggers/{function_urn}";
const TRIGGER = `${TRIGGERS}/{trigger_type_code}/{trigger_id}`;

function row(
  method: Route["method"],
  path: string,
  operation: Operation,
  body: BodySize = "settings",
): Route {
  return { method, path, operation, body };
}

/** The operations of FunctionGraph v2 that this platform has; the two invocations are the gateway's. */
export const ROUTES: readonly Route[] = [
  ...SIGN_IN_ROUTES,
  ...COMPANION_ROUTES,
  ...PROJECT_ROUTES,
  ...USER_ROUTES,
  ...TAG_ROUTES,
  ...FUNCTION_URL_ROUTES,
  ...WORKFLOW_ROUTES,
  ...WORKFLOW_EXECUTION_ROUTES,
  ...CATALOGUE_ROUTES,
  ...VPC_ENDPOINT_ROUTES,
  ...EXPORT_ROUTES,
  ...IMPORT_ROUTES,
  row("POST", FUNCTIONS, createFunction, "code"),
  row("GET", FUNCTIONS, listFunctions),
  row("DELETE", FUNCTION, deleteFunction),
  row("GET", `${FUNCTION}/config`, showFunctionConfig),
  row("PUT", `${FUNCTION}/config`, updateFunctionConfig),
  row("PUT", `${FUNCTION}/config-max-instance`, updateFunctionMaxInstanceConfig),
  row("GET", `${FUNCTION}/code`, showFunctionCode),
  row("PUT", `${FUNCTION}/code`, updateFunctionCode, "code"),
  row("POST", `${FUNCTION}/versions`, createFunctionVersion),
  row("GET", `${FUNCTION}/versions`, listFunctionVersions),
  row("POST", `${FUNCTION}/aliases`, createVersionAlias),
  row("GET", `${FUNCTION}/aliases`, listVersionAliases),
  row("GET", ALIAS, showVersionAlias),
  row("PUT", ALIAS, updateVersionAlias),
  row("DELETE", ALIAS, deleteVersionAlias),
  row("POST", `${FUNCTION}/events`, createEvent, "event"),
  row("GET", `${FUNCTION}/events`, listEvents),
  row("GET", EVENT, showEvent),
  row("PUT", EVENT, updateEvent, "event"),
  row("DELETE", EVENT, deleteEvent),
  row("PUT", `${FUNCTION}/async-invoke-config`, updateFunctionAsyncInvokeConfig),
  row("GET", `${FUNCTION}/async-invoke-config`, showFunctionAsyncInvokeConfig),
  row("DELETE", `${FUNCTION}/async-invoke-config`, deleteFunctionAsyncInvokeConfig),
  row("GET", `${FUNCTION}/async-invoke-configs`, listFunctionAsyncInvokeConfig),
  ...ASYNC_RECORD_ROUTES,
  ...RESERVED_INSTANCE_ROUTES,
  ...STATISTIC_ROUTES,
  ...QUOTA_ROUTES,
  ...OBSERVATION_ROUTES,
  row("POST", TRIGGERS, createFunctionTrigger),
  row("GET", TRIGGERS, listFunctionTriggers),
  row("DELETE", TRIGGERS, batchDeleteFunctionTriggers),
  row("GET", TRIGGER, showFunctionTrigger),
  row("PUT", TRIGGER, updateTrigger),
  row("DELETE", TRIGGER, deleteFunctionTrigger),
  ...DEPENDENCY_ROUTES,
  ...TEMPLATE_ROUTES,
  ...APPLICATION_ROUTES,
];
