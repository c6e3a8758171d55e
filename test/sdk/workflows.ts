import { expect, test } from "vitest";

import type { OperationId } from "../../model/api/operations.ts";
import type { Stage } from "./stage.ts";

const NOT_YET = "FSS.0428: workflows are kept, not run";
const NO_EXECUTION = "FSS.0404: nothing has run";

function definition(stage: Stage, name: string): Record<string, unknown> {
  const ref = { ref_name: "f", invoke_mode: "synchronize", arguments: {} };
  const first = { id: "s1", name: "first", type: "Operation", end: false, transition: "e1" };
  return {
    name,
    start: "s1",
    constants: {},
    functions: [{ name: "f", operation: stage.urn("counted", "latest") }],
    retries: [],
    states: [
      { ...first, actions: [{ function_ref: ref }] },
      { id: "e1", name: "end", type: "End", end: true, transition: "", actions: [] },
    ],
    triggers: [],
  };
}

/** Definitions of workflows, and what there is to say of their executions. */
export function workflows(stage: () => Stage): void {
  test("workflows are kept, listed, replaced and deleted", async () => {
    const one = stage();
    const made = await one.call("CreateWorkflow", { body: definition(one, "flow") });
    const of = { workflow_id: made["id"] };
    const changed = { ...definition(one, "flow"), description: "changed" };
    await one.call("UpdateWorkFlow", { ...of, body: changed });
    expect((await one.call("ShowWorkFlow", of))["definition"]).toMatchObject(changed);
    expect(await one.call("ListWorkflow")).toMatchObject({ total: 1, workflows: [{ name: "flow" }] });

    const urns = { workflow_urns: [made["workflow_urn"]] };
    expect(await one.call("ListWorkflowExecutions", of)).toEqual({ executions: [] });
    const page = await one.call("ShowWorkflowExecutionForPage", { ...of, offset: 0, limit: 10 });
    expect(page).toMatchObject({ total: 0, executions: [] });
    expect(await one.call("ShowTenantMetric")).toMatchObject({ count: [] });
    const metric = await one.call("ShowWorkFlowMetric", { workflow_urn: made["workflow_urn"] });
    expect(metric).toMatchObject({ count: [] });
    const start = { ...of, body: { input: {} } };
    const answer = { "X-Workflow-Run-Id": "e", "X-Workflow-State-Id": "s1" };
    const callback = { ...of, ...answer, body: { result: "success", output: {} } };
    const execution = { ...of, execution_id: "e" };
    const refusals: [OperationId, object, string][] = [
      ["StartWorkflowExecution", start, NOT_YET],
      ["StartSyncWorkflowExecution", start, NOT_YET],
      ["CreateCallbackWorkflow", callback, NOT_YET],
      ["ShowWorkflowExecution", execution, NO_EXECUTION],
      ["RetryWorkFlow", execution, NO_EXECUTION],
      ["StopWorkFlow", execution, NO_EXECUTION],
    ];
    for (const [id, request, why] of refusals) {
      expect([id, await one.refused(id, request)]).toEqual([id, why.slice(0, 8)]);
      one.shows({ [id]: why });
    }

    expect(await one.call("BatchDeleteWorkflows", { body: urns })).toMatchObject({
      success: urns.workflow_urns,
    });
    expect(await one.call("ListWorkflow")).toMatchObject({ total: 0, workflows: [] });
    one.shows({
      CreateWorkflow: "is listed and shown",
      UpdateWorkFlow: "shows the other definition",
      ShowWorkFlow: "shows the definition as it was sent",
      ListWorkflow: "lists a workflow until it is deleted",
      BatchDeleteWorkflows: "is gone from the list",
      ListWorkflowExecutions: "the list is empty: nothing has run",
      ShowWorkflowExecutionForPage: "the page is empty: nothing has run",
      ShowTenantMetric: "there is nothing to count: nothing has run",
      ShowWorkFlowMetric: "there is nothing to count: nothing has run",
    });
  });
}
