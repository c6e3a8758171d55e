import { expect, test } from "vitest";

import { mayCall, ROLES, type Role } from "../../model/api/access.ts";
import { OPERATION_IDS, operationRow, type OperationId } from "../../model/api/operations.ts";
import { sign } from "../../model/signature.ts";
import { functionBody, TestApi, type Answer } from "./fixtures.ts";

/** Calls that run functions are the gateway's. */
const INVOCATIONS: readonly string[] = [
  "InvokeFunction",
  "AsyncInvokeFunction",
  "AsyncInvokeReservedFunction",
];
const OPERATIONS = OPERATION_IDS.filter((id) => !INVOCATIONS.includes(id));
/** Stands in everything that the owner has, and must never be shown to a stranger. */
const MARK = "of-the-owner";

type Pair = { readonly accessKey: string; readonly secretKey: string };

async function projectOf(api: TestApi, name: string) {
  const { body } = await api.send("POST", "/fungraph/v1/projects", { name });
  return String(body["id"]);
}

async function pairOf(api: TestApi, project: string, role: Role): Promise<Pair> {
  const path = `/fungraph/v1/projects/${project}/credentials`;
  const { body } = await api.send("POST", path, { role });
  return { accessKey: String(body["access_key"]), secretKey: String(body["secret_key"]) };
}

/** A function with one of everything that hangs on it, and what a project has beside functions. */
async function furnish(api: TestApi): Promise<Record<string, string>> {
  const urn = api.urn("demo");
  const functions = `/functions/${urn}`;
  await api.create("demo", { description: MARK, user_data: JSON.stringify({ SECRET: MARK }) });
  const event = await api.call("POST", `${functions}/events`, {
    name: MARK,
    content: btoa(JSON.stringify(MARK)),
  });
  await api.call("POST", `${functions}/versions`, { version: "v1", description: MARK });
  await api.call("POST", `${functions}/aliases`, { name: MARK, version: "v1" });
  const trigger = await api.call("POST", `/triggers/${urn}`, {
    trigger_type_code: "TIMER",
    trigger_status: "DISABLED",
    event_data: { name: MARK, schedule_type: "Rate", schedule: "1d", user_event: MARK },
  });
  const dependency = await api.call("POST", "/dependencies/version", {
    name: MARK,
    runtime: "Node.js20.15",
    depend_type: "zip",
    depend_file: (await functionBody("x"))["func_code"]?.["file" as never],
  });
  const { id: functionId } = api.store.functions.list(api.credential.projectId)[0] ?? { id: "" };
  return {
    function_urn: urn,
    alias_name: MARK,
    trigger_type_code: "TIMER",
    trigger_id: String(trigger.body["trigger_id"]),
    event_id: String(event.body["id"]),
    depend_id: String(dependency.body["dep_id"]),
    version: "1",
    resource_type: "functions",
    resource_id: functionId,
    state: "true",
    period: "60",
    action: "filter",
    instance_id: "i",
    id: "i",
    template_id: "t",
    workflow_id: "w",
    execution_id: "e",
    workflow_urn: "u",
    vpc_id: "v",
    subnet_id: "s",
  };
}

/** All that the store knows of the owner, as text. */
function everythingOf(api: TestApi): string {
  const { store, credential } = api;
  const [record] = store.functions.list(credential.projectId);
  if (record === undefined) return "nothing";
  const { key } = record;
  const { versions, aliases, triggers, testEvents, asyncConfigs, tags, reservedInstances } = store;
  const parts = [versions, aliases, triggers, testEvents, asyncConfigs].map((one) => one.list(key));
  const more = [tags.list(key), reservedInstances.all(credential.projectId)];
  return JSON.stringify([record, ...parts, ...more, store.dependencies.list([credential.projectId])]);
}

function pathOf(id: OperationId, values: Readonly<Record<string, string>>): string {
  return operationRow(id).path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? "x");
}

function ask(api: TestApi, id: OperationId, path: string, pair: Pair): Promise<Answer> {
  const { method, body } = operationRow(id);
  return api.send(method, path, body === undefined ? undefined : {}, pair);
}

test("every operation is refused to each role that does not cover it, before anything else is looked at", async () => {
  await using api = await TestApi.start();
  const project_id = await projectOf(api, "team");
  for (const role of Object.keys(ROLES) as Role[]) {
    const pair = await pairOf(api, project_id, role);
    const wrong: string[] = [];
    for (const id of OPERATIONS) {
      const { access } = operationRow(id);
      const { status, body } = await ask(api, id, pathOf(id, { project_id, function_urn: "nobody" }), pair);
      const refused = status === 403 && String(body?.["error_msg"]).includes("role");
      if (status >= 500 && status !== 501) wrong.push(`${id}: ${status}`);
      if (access !== "open" && refused === mayCall(role, access)) wrong.push(`${id}: ${status}`);
    }
    expect(wrong).toEqual([]);
  }
});

test("no operation shows or changes anything of another project, by whatever name it is asked for", async () => {
  await using api = await TestApi.start();
  const values = await furnish(api);
  const owner = api.credential.projectId;
  const before = everythingOf(api);
  expect(before.split(MARK).length).toBeGreaterThan(8);
  const project_id = await projectOf(api, "stranger");
  const pair = await pairOf(api, project_id, "FunctionGraph FullAccess");
  const names = [values["function_urn"], `${owner}:default:demo`, `${owner}:default:demo:!${MARK}`, "demo"];
  for (const id of OPERATIONS) {
    const { path, access } = operationRow(id);
    if (access === "open") continue;
    const foreign = await ask(api, id, pathOf(id, { ...values, project_id: owner }), pair);
    if (path.includes("{project_id}")) expect([id, foreign.status]).toEqual([id, 403]);
    for (const function_urn of path.includes("{function_urn}") ? names : ["demo"]) {
      const answer = await ask(
        api,
        id,
        pathOf(id, { ...values, function_urn: function_urn ?? "", project_id }),
        pair,
      );
      // A refusal may repeat what was asked for.
      if (answer.status < 400) expect(`${id} ${JSON.stringify(answer.body)}`).not.toContain(MARK);
      if (path.includes("{function_urn}")) expect([id, answer.status >= 400]).toEqual([id, true]);
    }
  }
  expect(everythingOf(api)).toBe(before);
});

test("a body that names what another project has is refused", async () => {
  await using api = await TestApi.start();
  const values = await furnish(api);
  const project_id = await projectOf(api, "stranger");
  const pair = await pairOf(api, project_id, "FunctionGraph FullAccess");
  const root = `/v2/${project_id}/fgs`;
  await api.send("POST", `${root}/functions`, await functionBody("mine"), pair);
  const version = api.store.dependencies.versions(values["depend_id"] ?? "")[0]?.id ?? "";
  for (const id of [values["depend_id"], version, `${MARK}:1`]) {
    const body = { ...(await functionBody("theirs")), depend_version_list: [id] };
    expect((await api.send("POST", `${root}/functions`, body, pair)).status).toBe(400);
  }
  const destination = {
    destination: "FunctionGraph",
    param: JSON.stringify({ func_urn: values["function_urn"] }),
  };
  const config = { destination_config: { on_success: destination } };
  const path = `${root}/functions/mine/async-invoke-config`;
  expect((await api.send("PUT", path, config, pair)).status).toBe(400);
  const link = `${api.url}${api.root}/dependencies/${values["depend_id"]}/version/1/archive`;
  const upload = { name: "stolen", runtime: "Node.js20.15", depend_type: "obs", depend_link: link };
  expect((await api.send("POST", `${root}/dependencies/version`, upload, pair)).status).toBe(400);
  const tags = { tags: [{ key: "k", value: "v" }], action: "create" };
  const tagged = `/v2/${project_id}/functions/${values["resource_id"]}/tags/create`;
  expect((await api.send("POST", tagged, tags, pair)).status).toBe(404);
  const events = await api.send(
    "GET",
    `${root}/functions/mine/events/${values["event_id"]}`,
    undefined,
    pair,
  );
  expect(events.status).toBe(404);
  const trigger = `${root}/triggers/mine/TIMER/${values["trigger_id"]}`;
  for (const method of ["GET", "DELETE"])
    expect((await api.send(method, trigger, undefined, pair)).status).toBe(404);
  expect(api.store.triggers.find(values["trigger_id"] ?? "")).toBeDefined();
});

test("a signature is good for its host, path, query and method alone", async () => {
  await using api = await TestApi.start();
  const path = `${api.root}/functions`;
  const request = { method: "GET", path, query: "maxitems=1", headers: { host: api.host }, body: "" };
  const signed: Record<string, string> = sign(request, api.credential);
  expect((await api.sendWith(signed, "GET", `${path}?maxitems=1`)).status).toBe(200);
  expect((await api.sendWith(signed, "GET", `${path}?maxitems=2`)).status).toBe(401);
  expect((await api.sendWith(signed, "GET", path)).status).toBe(401);
  expect((await api.sendWith(signed, "GET", `${api.root}/quotas?maxitems=1`)).status).toBe(401);
  expect((await api.sendWith(signed, "DELETE", `${path}?maxitems=1`)).status).not.toBe(200);
  const elsewhere = sign({ ...request, headers: { host: "other.example.com" } }, api.credential);
  expect((await api.sendWith({ ...elsewhere }, "GET", `${path}?maxitems=1`)).status).toBe(401);
  const unsignedBody = { ...signed, "x-sdk-content-sha256": "UNSIGNED-PAYLOAD" };
  expect((await api.sendWith(unsignedBody, "GET", `${path}?maxitems=1`)).status).toBe(401);
  for (const scheme of ["SDK-HMAC-SHA1", "none", "SDK-HMAC-SHA256-V2", "Bearer", "sdk-hmac-sha256"]) {
    const authorization = (signed["authorization"] ?? "").replace("SDK-HMAC-SHA256", scheme);
    expect((await api.sendWith({ ...signed, authorization }, "GET", `${path}?maxitems=1`)).status).toBe(401);
  }
});
