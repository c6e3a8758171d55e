import { expect, test } from "vitest";

import { TestApi, type Answer } from "./fixtures.ts";

const APIG = {
  name: "API_demo",
  type: 1,
  path: "/photo",
  protocol: "HTTP",
  req_method: "POST",
  group_id: "g1",
  group_name: "group",
  match_mode: "NORMAL",
  env_name: "RELEASE",
  env_id: "DEFAULT_ENVIRONMENT_RELEASE_ID",
  auth: "NONE",
  func_info: { timeout: 5000 },
  an_own_field: "kept",
};

const TIMER = { name: "hourly", schedule_type: "Rate", schedule: "1h", user_event: "hello" };

function create(api: TestApi, type: string, data: unknown, urn = api.urn("demo", "latest")): Promise<Answer> {
  return api.call("POST", `/triggers/${urn}`, {
    trigger_type_code: type,
    trigger_status: "ACTIVE",
    event_data: data,
  });
}

test("a gateway trigger comes back with its event data unchanged and with its address", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { status, body } = await create(api, "APIG", APIG);
  expect(status).toBe(201);
  expect(body).toMatchObject({ trigger_type_code: "APIG", trigger_status: "ACTIVE", event_data: APIG });
  expect(body["event_data"]).toMatchObject({
    triggerid: body["trigger_id"],
    api_id: body["trigger_id"],
    api_name: "API_demo",
    invoke_url: `${api.url}/photo`,
  });
  const path = `/triggers/${api.urn("demo", "latest")}/APIG/${body["trigger_id"]}`;
  expect((await api.call("GET", path)).body).toEqual(body);
  expect(await api.call("PUT", path, { trigger_status: "DISABLED", event_data: {} })).toMatchObject({
    status: 400,
    body: { error_code: "FSS.1107" },
  });
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect(await api.call("GET", path)).toMatchObject({ status: 404, body: { error_code: "FSS.1138" } });
});

test("a timer is switched off and on, with an object or a list as event data", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { body } = await create(api, "TIMER", TIMER);
  expect(body["event_data"]).toEqual(TIMER);
  const path = `/triggers/${api.urn("demo")}/TIMER/${body["trigger_id"]}`;
  for (const [status, data] of [
    ["DISABLED", TIMER],
    ["ACTIVE", [{ polling_interval: 1 }]],
    ["DISABLED", undefined],
  ] as const) {
    const answer = await api.call("PUT", path, { trigger_status: status, event_data: data });
    expect(answer).toMatchObject({ status: 200, body: { trigger_status: status, event_data: TIMER } });
  }
});

test("a URN with a version or an alias has its own triggers, one without has all; all go at once", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.call("POST", `/functions/${api.urn("demo")}/versions`, { version: "v1" });
  await api.call("POST", `/functions/${api.urn("demo")}/aliases`, { name: "prod", version: "v1" });
  const ids: Record<string, unknown> = {};
  for (const qualifier of ["latest", "v1", "!prod"]) {
    ids[qualifier] = (await create(api, "TIMER", TIMER, api.urn("demo", qualifier))).body["trigger_id"];
  }
  const list = async (urn: string): Promise<unknown> =>
    (await api.call("GET", `/triggers/${urn}`)).body.map((one) => one["trigger_id"]);
  for (const [qualifier, id] of Object.entries(ids))
    expect(await list(api.urn("demo", qualifier))).toEqual([id]);
  expect(await list(api.urn("demo"))).toEqual(Object.values(ids));

  expect(await api.call("DELETE", `/functions/${api.urn("demo")}/aliases/prod`)).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1154" },
  });
  expect((await api.call("DELETE", `/triggers/${api.urn("demo", "!prod")}`)).status).toBe(204);
  expect(await list(api.urn("demo"))).toEqual([ids["latest"], ids["v1"]]);
  expect((await api.call("DELETE", `/triggers/${api.urn("demo")}`)).status).toBe(204);
  expect(await list(api.urn("demo"))).toEqual([]);
});

test.each([
  ["the same route", {}, 409, "FSS.1146"],
  ["any method on it", { req_method: "ANY" }, 409, "FSS.1146"],
  ["a last slash", { path: "/photo/" }, 409, "FSS.1146"],
  ["another method", { req_method: "GET" }, 201, undefined],
  ["another group", { group_id: "g2" }, 201, undefined],
  ["another path", { path: "/other" }, 201, undefined],
  ["no timeout that is one", { func_info: { timeout: -1 } }, 400, "FSS.1107"],
  ["a path without slash", { path: "photo" }, 400, "FSS.1107"],
])("a second gateway trigger with %s", async (_what, change, status, code) => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.create("other");
  await create(api, "APIG", APIG);
  const answer = await create(api, "APIG", { ...APIG, ...change });
  expect([answer.status, answer.body["error_code"]]).toEqual([status, code]);
  if (status !== 409) return;
  const elsewhere = await create(api, "APIG", { ...APIG, ...change }, api.urn("other"));
  expect([elsewhere.status, elsewhere.body["error_code"]]).toEqual([409, "FSS.1147"]);
});

test.each([
  { what: "an unknown type", type: "KAFKA", data: {}, fails: [400, "FSS.1101"] },
  { what: "a bad schedule", type: "TIMER", data: { ...TIMER, schedule: "61m" }, fails: [400, "FSS.1109"] },
  { what: "a taken timer name", type: "TIMER", data: TIMER, fails: [409, "FSS.1148"] },
  { what: "no event data", type: "TIMER", data: undefined, fails: [400, "FSS.0400"] },
])("fails on $what", async ({ type, data, fails }) => {
  await using api = await TestApi.start();
  await api.create("demo");
  await create(api, "TIMER", TIMER);
  const { status, body } = await create(api, type, data);
  expect([status, body["error_code"]]).toEqual(fails);
});

test("a trigger is found under its own function and type only, and none is made on what is not there", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.create("other");
  const { body } = await create(api, "TIMER", TIMER);
  const id = body["trigger_id"];
  for (const [urn, type, code] of [
    [api.urn("other"), "TIMER", "FSS.1140"],
    [api.urn("demo"), "APIG", "FSS.1138"],
    [api.urn("demo"), "KAFKA", "FSS.1131"],
    [api.urn("none"), "TIMER", "FSS.1051"],
  ]) {
    expect((await api.call("DELETE", `/triggers/${urn}/${type}/${id}`)).body["error_code"]).toBe(code);
  }
  expect((await create(api, "TIMER", TIMER, api.urn("demo", "v9"))).body["error_code"]).toBe("FSS.1052");
  expect((await create(api, "TIMER", TIMER, api.urn("demo", "!none"))).body["error_code"]).toBe("FSS.1053");
});
