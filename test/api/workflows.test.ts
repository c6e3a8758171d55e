import { expect, test } from "vitest";

import { officialClient } from "../support/sdk.ts";
import { TestApi } from "./fixtures.ts";

function action(name: string) {
  return [{ function_ref: { ref_name: name, invoke_mode: "synchronize", arguments: {} } }];
}

/** Two functions, a wait, and a handler that leads to the second. */
function definition(api: TestApi, change: Record<string, unknown> = {}) {
  return {
    name: "flow-a",
    description: "two functions",
    mode: "NORMAL",
    start: "s1",
    constants: { factor: 2 },
    functions: [
      { name: "f1", operation: api.urn("one", "latest") },
      { name: "f2", operation: api.urn("two") },
    ],
    retries: [{ name: "r1", delay: 1, max_attempts: 3 }],
    states: [
      {
        id: "s1",
        name: "first",
        type: "Operation",
        end: false,
        transition: "w1",
        state_data_filter: { input: "$.payload", output: "$" },
        actions: action("f1"),
        on_errors: [{ error: "$.status == 500", retry_ref: "r1", transition: "s2" }],
      },
      { id: "w1", name: "wait", type: "Sleep", end: false, transition: "s2", duration: 1, actions: [] },
      { id: "s2", name: "second", type: "Operation", end: false, transition: "e1", actions: action("f2") },
      { id: "e1", name: "end", type: "End", end: true, transition: "", actions: [] },
    ],
    triggers: [],
    ...change,
  };
}

async function platform(): Promise<TestApi> {
  const api = await TestApi.start();
  await api.create("one");
  await api.create("two");
  return api;
}

test("a workflow is created, shown as it was given, listed, replaced and deleted", async () => {
  await using api = await platform();
  const made = await api.call("POST", "/workflows", definition(api));
  const { projectId: project, accessKey } = api.credential;
  expect(made).toMatchObject({
    status: 200,
    body: {
      name: "flow-a",
      workflow_urn: `urn:fss:local:${project}:workflow:default:flow-a`,
      created_by: accessKey,
      enable_stream_response: false,
    },
  });
  const { id, workflow_urn: urn } = made.body as Record<string, string>;
  for (const name of [id, urn]) {
    const shown = await api.call("GET", `/workflows/${name}`);
    expect(shown.body["definition"]).toEqual(definition(api));
  }
  await api.call("POST", "/workflows", definition(api, { name: "flow-b", mode: "EXPRESS" }));
  const list = async (query: string) =>
    (await api.call("GET", `/workflows?${query}`)).body["workflows"]?.map((one) => one["name"]);
  expect(await list("")).toEqual(["flow-a", "flow-b"]);
  expect(await list("mode=EXPRESS")).toEqual(["flow-b"]);
  expect(await list("workflow_name=w-a")).toEqual(["flow-a"]);
  expect(await list("limit=1&offset=1")).toEqual(["flow-b"]);
  const changed = definition(api, { description: "other", constants: {} });
  expect((await api.call("PUT", `/workflows/${id}`, changed)).body).toMatchObject({
    id,
    description: "other",
  });
  expect((await api.call("GET", `/workflows/${id}`)).body["definition"]).toEqual(changed);
  const taken = await api.call("PUT", `/workflows/${id}`, definition(api, { name: "flow-b" }));
  expect(taken).toMatchObject({ status: 409, body: { error_code: "FSS.0409" } });
  const gone = await api.call("DELETE", "/workflows", { workflow_urns: [urn, "nobody"] });
  expect(gone.body).toMatchObject({ success: [urn], fail: [{ workflow_urn: "nobody" }] });
  expect(await list("")).toEqual(["flow-b"]);
  expect((await api.call("GET", `/workflows/${id}`)).status).toBe(404);
});

test("fails with every fault of names, references and ranges at once", async () => {
  await using api = await platform();
  const [first, wait, ...rest] = definition(api).states;
  const states = [
    {
      ...first,
      actions: [{ function_ref: { ref_name: "f9", arguments: {} } }],
      on_errors: [{ retry_ref: "r9" }],
    },
    { ...wait, name: "first", duration: 0 },
    ...rest,
  ];
  const bad = definition(api, {
    name: "1",
    states,
    retries: [{ name: "r1", delay: 31, max_attempts: 9 }, { name: "r1" }],
    triggers: [{ trigger_name: "t", trigger_type: "FLOWTIMER", enabled: true }],
    express_config: { log_level: "ALL" },
  });
  const { status, body } = await api.call("POST", "/workflows", bad);
  expect(status).toBe(400);
  for (const property of [
    "name",
    "states.0.actions.0.function_ref.ref_name",
    "states.0.on_errors.0.retry_ref",
    "states.1.name",
    "states.1.duration",
    "retries.0.delay",
    "retries.0.max_attempts",
    "retries.1.name",
    "triggers.0.enabled",
    "express_config",
  ])
    expect(body["error_msg"]).toContain(`${property}:`);
  const unknown = definition(api, {
    functions: [
      { name: "f1", operation: api.urn("nine") },
      { name: "f2", operation: "?" },
    ],
  });
  const missing = await api.call("POST", "/workflows", unknown);
  expect(missing).toMatchObject({ status: 404, body: { error_code: "FSS.1051" } });
  expect(missing.body["error_msg"]).toContain("functions.1.operation");
});

test.each([
  ["no first state", { start: "s9" }, {}, "start:"],
  ["an end that comes first", { start: "e1" }, {}, "is an End"],
  ["a state that leads nowhere", {}, { transition: "s9" }, "states.1.transition:"],
  ["a circle", {}, { transition: "s1" }, "go in a circle"],
  ["a state that leads to itself", {}, { transition: "w1" }, "go in a circle"],
  ["an end that is followed", {}, { end: true }, "nothing follows the end"],
])("fails for a graph with %s", async (_what, change, wait, sentence) => {
  await using api = await platform();
  const body = definition(api, change);
  body.states = body.states.map((state) => (state.id === "w1" ? { ...state, ...wait } : state));
  const answer = await api.call("POST", "/workflows", body);
  expect(answer.status).toBe(400);
  expect(answer.body["error_msg"]).toContain(sentence);
});

test("fails for a state that nothing leads to, too many states, and values nested too deep", async () => {
  await using api = await platform();
  const { states } = definition(api);
  const post = async (change: Record<string, unknown>) =>
    (await api.call("POST", "/workflows", definition(api, change))).body["error_msg"];
  const island = {
    id: "i",
    name: "island",
    type: "Sleep",
    end: true,
    transition: "",
    duration: 1,
    actions: [],
  };
  expect(await post({ states: [...states, island] })).toContain("nothing leads to it");
  const many = Array.from({ length: 600 }, (_, index) => ({ ...island, id: `i${index}`, name: `i${index}` }));
  expect(await post({ states: many })).toContain("states:");
  let deep: unknown = 1;
  for (let level = 0; level < 200; level += 1) deep = [deep];
  expect(await post({ constants: { deep } })).toContain("nested");
  expect(api.log).toEqual([]);
});

test("definitions are all there is: nothing runs, nothing has run, and both are said", async () => {
  await using api = await platform();
  const { id } = (await api.call("POST", "/workflows", definition(api))).body as Record<string, string>;
  const flow = `/workflows/${id}`;
  expect((await api.call("GET", `${flow}/executions`)).body).toEqual({ executions: [] });
  expect((await api.call("GET", `${flow}/executions-history?offset=0&limit=10`)).body).toEqual({
    total: 0,
    size: 0,
    executions: [],
  });
  const nothing = { count: [], duration: [], fail_count: [], running_count: [] };
  expect((await api.call("GET", "/workflow-statistic")).body).toEqual(nothing);
  expect((await api.call("GET", `/workflow-statistic/${id}`)).body).toEqual(nothing);
  const refused = async (method: string, path: string, body?: unknown) => {
    const answer = await api.call(method, path, body);
    expect(answer.body["error_msg"]).toContain("does not run them yet");
    return answer.body["error_code"];
  };
  expect(await refused("POST", `${flow}/executions`, { input: {} })).toBe("FSS.0428");
  expect(await refused("POST", `${flow}/sync-executions`, { input: {} })).toBe("FSS.0428");
  const callback = await api.call("POST", `${flow}/callback`, { result: "odd" });
  for (const part of ["X-Workflow-Run-Id", "X-Workflow-State-Id", "result"])
    expect(callback.body["error_msg"]).toContain(part);
  expect(await refused("GET", `${flow}/executions/e`)).toBe("FSS.0404");
  expect(await refused("POST", `${flow}/executions/e/retry`, {})).toBe("FSS.0404");
  expect(await refused("POST", `${flow}/executions/e/terminate`, {})).toBe("FSS.0404");
  for (const path of ["executions", "executions-history?offset=0&limit=1"])
    expect((await api.call("GET", `/workflows/nobody/${path}`)).status).toBe(404);
  expect((await api.call("GET", `${flow}/executions?status=odd`)).status).toBe(400);
  expect((await api.send("POST", `/v1/${api.credential.projectId}/ffs/graphs`, {})).status).toBe(400);
});

test("the official client keeps workflows", async () => {
  await using api = await platform();
  const client = officialClient({ endpoint: api.url, ...api.credential });
  const made = (await client.createWorkflow({ body: definition(api) } as never)) as unknown as {
    id: string;
    workflow_urn: string;
  };
  expect(await client.listWorkflow({ limit: 10, offset: 0 } as never)).toMatchObject({ total: 1 });
  expect(await client.showWorkFlow({ workflow_id: made.id } as never)).toMatchObject({
    definition: { name: "flow-a", start: "s1" },
  });
  const body = definition(api, { description: "new" });
  expect(await client.updateWorkFlow({ workflow_id: made.id, body } as never)).toMatchObject({
    description: "new",
  });
  const metric = await client.showWorkFlowMetric({ workflow_urn: made.workflow_urn } as never);
  expect(metric).toMatchObject({ count: [] });
  await expect(
    client.startWorkflowExecution({ workflow_id: made.id, body: { input: {} } } as never),
  ).rejects.toMatchObject({ errorCode: "FSS.0428" });
  const urns = { workflow_urns: [made.workflow_urn] };
  expect(await client.batchDeleteWorkflows({ body: urns } as never)).toMatchObject({
    success: urns.workflow_urns,
  });
});
