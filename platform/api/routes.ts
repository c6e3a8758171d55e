import { OPERATION_IDS, operationRow, type OperationId } from "../../model/api/operations.ts";
import { aliasesOperations } from "./aliases.ts";
import { applicationsOperations } from "./applications.ts";
import { asyncConfigsOperations } from "./async-configs.ts";
import { asyncRecordsOperations } from "./async-records.ts";
import { catalogueOperations } from "./catalogue.ts";
import { companionsOperations } from "./companions.ts";
import { DEPENDENCY_ARCHIVE_ROUTE, dependenciesOperations } from "./dependencies.ts";
import { FACILITY_ROUTES } from "./facilities.ts";
import { exportOperations } from "./export.ts";
import { functionCodeOperations } from "./function-code.ts";
import { functionConfigOperations } from "./function-config.ts";
import { functionUrlOperations } from "./function-url.ts";
import { functionsOperations } from "./functions.ts";
import { importOperations } from "./import.ts";
import { observationOperations } from "./observation.ts";
import { quotasOperations } from "./quotas.ts";
import { reservedInstancesOperations } from "./reserved-instances.ts";
import { signInOperations } from "./sign-in.ts";
import { statisticsOperations } from "./statistics.ts";
import { tagsOperations } from "./tags.ts";
import { templatesOperations } from "./templates.ts";
import { testEventsOperations } from "./test-events.ts";
import { triggersOperations } from "./triggers.ts";
import { versionsOperations } from "./versions.ts";
import { vpcEndpointsOperations } from "./vpc-endpoints.ts";
import { workflowExecutionsOperations } from "./workflow-executions.ts";
import { workflowsOperations } from "./workflows.ts";
import type { Operation } from "./operation.ts";
import { AGENCY_ROUTES } from "./agencies.ts";
import { DEAD_REQUEST_ROUTES } from "./dead-requests.ts";
import { OWNER_ROUTES } from "./owners.ts";
import { PROJECT_ROUTES } from "./projects.ts";
import type { Route } from "./route-match.ts";
import { TOPIC_ROUTES } from "./topics.ts";
import { USER_ROUTES } from "./users.ts";

/** The calls that run functions are the gateway's. */
type Invocation = "InvokeFunction" | "AsyncInvokeFunction" | "AsyncInvokeReservedFunction";

const OPERATIONS: Readonly<Record<Exclude<OperationId, Invocation>, Operation>> = {
  ...signInOperations,
  ...companionsOperations,
  ...catalogueOperations,
  ...functionsOperations,
  ...functionConfigOperations,
  ...functionCodeOperations,
  ...functionUrlOperations,
  ...exportOperations,
  ...importOperations,
  ...versionsOperations,
  ...aliasesOperations,
  ...triggersOperations,
  ...testEventsOperations,
  ...asyncConfigsOperations,
  ...asyncRecordsOperations,
  ...dependenciesOperations,
  ...templatesOperations,
  ...applicationsOperations,
  ...reservedInstancesOperations,
  ...statisticsOperations,
  ...quotasOperations,
  ...observationOperations,
  ...vpcEndpointsOperations,
  ...workflowsOperations,
  ...workflowExecutionsOperations,
  ...tagsOperations,
};

const BY_ID: ReadonlyMap<string, Operation> = new Map(Object.entries(OPERATIONS));

/** What is Fungraph's own, and the operations of the table in its order; of two that fit a path the first is meant. */
export const ROUTES: readonly Route[] = [
  ...PROJECT_ROUTES,
  ...AGENCY_ROUTES,
  ...FACILITY_ROUTES,
  ...TOPIC_ROUTES,
  ...DEAD_REQUEST_ROUTES,
  ...USER_ROUTES,
  ...OWNER_ROUTES,
  DEPENDENCY_ARCHIVE_ROUTE,
  ...OPERATION_IDS.flatMap((id) => {
    const operation = BY_ID.get(id);
    return operation === undefined ? [] : [{ ...operationRow(id), id, operation }];
  }),
];
