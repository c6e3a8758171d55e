import { ApiError } from "./api-error.ts";
import { offsetPage } from "./page.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { shown } from "./target.ts";
import { workflowOf } from "./workflows.ts";

const STATUSES = ["success", "fail", "running", "timeout", "cancel"];

/** Query: `status`, `offset`, `limit` (at most 200). Nothing has run, so the list is empty. */
function listWorkflowExecutions(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  const status = call.query.get("status");
  if (status && !STATUSES.includes(status)) {
    throw new ApiError("FSS.1001", `status is ${shown(status)}. Use one of ${STATUSES.join(", ")}.`);
  }
  return ok({ executions: offsetPage([], call.query, 200) });
}

/** Query: `offset`, `limit` (at most 100). Nothing has run, so the history is empty. */
function showWorkflowExecutionForPage(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  const executions = offsetPage([], call.query, 100);
  return ok({ total: 0, size: executions.length, executions });
}

/** FSS.0404: nothing has run, so no execution can be shown, tried again or stopped. */
function missingExecution(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  throw new ApiError(
    "FSS.0404",
    `The workflow has no execution ${shown(call.parameters["execution_id"] ?? "")}. ${NOT_YET}`,
  );
}

/** FSS.0428: this platform keeps definitions and runs none. */
function startWorkflowExecution(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  throw new ApiError("FSS.0428", NOT_YET);
}

/** FSS.0428: where nothing runs, nothing waits for a result. */
function createCallbackWorkflow(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  throw new ApiError("FSS.0428", NOT_YET);
}

const NOT_YET =
  "This platform keeps workflows but does not run them yet. Invoke the functions of the workflow one by one.";

const NOTHING = { count: [], duration: [], fail_count: [], running_count: [] };

/** Nothing has run, so there is nothing to count. */
function showTenantMetric(): Reply {
  return ok(NOTHING);
}

/** The same for one workflow, by its URN or id. */
function showWorkFlowMetric(call: Call, context: ApiContext): Reply {
  workflowOf(call, context);
  return ok(NOTHING);
}

/** FSS.0400: graphs as the console draws them are another form of definition. */
function createFlowGraph(): Reply {
  throw new ApiError(
    "FSS.0400",
    "This platform takes no graphs. Create the workflow from a definition with POST …/fgs/workflows.",
  );
}

/** Runs of workflows, which come with the engine that runs them. */
export const workflowExecutionsOperations = {
  StartWorkflowExecution: startWorkflowExecution,
  StartSyncWorkflowExecution: startWorkflowExecution,
  ListWorkflowExecutions: listWorkflowExecutions,
  ShowWorkflowExecutionForPage: showWorkflowExecutionForPage,
  ShowWorkflowExecution: missingExecution,
  RetryWorkFlow: missingExecution,
  StopWorkFlow: missingExecution,
  CreateCallbackWorkflow: createCallbackWorkflow,
  ShowTenantMetric: showTenantMetric,
  ShowWorkFlowMetric: showWorkFlowMetric,
  CreateFlowGraph: createFlowGraph,
} satisfies Operations;
