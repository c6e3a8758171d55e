import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import type { SourceData } from "../../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../../model/event-sources.ts";
import { TemporaryFolder } from "../store/fixtures.ts";
import { EVENT_DATA } from "../support/event-data.ts";
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
  { what: "an unknown type", type: "MAIL", data: {}, fails: [400, "FSS.1101"] },
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
    [api.urn("demo"), "KAFKA", "FSS.1174"],
    [api.urn("none"), "TIMER", "FSS.1051"],
  ]) {
    expect((await api.call("DELETE", `/triggers/${urn}/${type}/${id}`)).body["error_code"]).toBe(code);
  }
  expect((await create(api, "TIMER", TIMER, api.urn("demo", "v9"))).body["error_code"]).toBe("FSS.1052");
  expect((await create(api, "TIMER", TIMER, api.urn("demo", "!none"))).body["error_code"]).toBe("FSS.1053");
});

const SOURCES = Object.entries(EVENT_DATA) as [SourceType, SourceData][];

test.each(SOURCES)(
  "a %s trigger is kept, listed, switched where it can be, and deleted",
  async (type, data) => {
    await using api = await TestApi.start();
    await api.create("demo");
    const made = await create(api, type, data);
    expect(made).toMatchObject({ status: 201, body: { trigger_type_code: type, trigger_status: "ACTIVE" } });
    const shown = Object.fromEntries(
      Object.entries(data).map(([name, value]) => [name, name.endsWith("password") ? "" : value]),
    );
    expect(made.body["event_data"]).toEqual(shown);
    expect((await api.call("GET", `/triggers/${api.urn("demo", "latest")}`)).body).toEqual([made.body]);
    expect(await create(api, type, data)).toMatchObject({
      status: 409,
      body: { error_code: EVENT_SOURCES[type].codes.taken },
    });
    const path = `/triggers/${api.urn("demo")}/${type}/${made.body["trigger_id"]}`;
    const off = await api.call("PUT", path, { trigger_status: "DISABLED", event_data: shown });
    if (EVENT_SOURCES[type].canBeDisabled)
      expect(off).toMatchObject({ status: 200, body: { trigger_status: "DISABLED", event_data: shown } });
    else expect(off).toMatchObject({ status: 400, body: { error_code: EVENT_SOURCES[type].codes.wrong } });
    expect(api.store.triggers.all()[0]?.spec.eventData).toEqual(data);
    expect((await api.call("DELETE", path)).status).toBe(204);
    const { status, body } = await api.call("GET", path);
    expect([status >= 400, body["error_code"]]).toEqual([true, EVENT_SOURCES[type].codes.missing]);
  },
);

test("passwords of event sources are on the disk in no readable form", async () => {
  using folder = new TemporaryFolder();
  await using api = await TestApi.start({ dataDir: folder.path });
  await api.create("demo");
  const secret = "kjx71-password-of-a-source";
  const { body } = await create(api, "DDS", { ...EVENT_DATA.DDS, db_password: secret });
  expect(JSON.stringify(body)).not.toContain(secret);
  for (const file of readdirSync(folder.path).filter((name) => name.startsWith("store.db")))
    expect(readFileSync(join(folder.path, file)).includes(secret)).toBe(false);
  expect(api.store.triggers.all()[0]?.spec.eventData).toMatchObject({ db_password: secret });
});

test("an event of a bucket calls one function", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.create("other");
  const data = { bucket: "photos", events: ["s3:ObjectCreated:*"], prefix: "in/" };
  expect((await create(api, "OBS", data)).status).toBe(201);
  const clash = { ...data, events: ["s3:ObjectCreated:Put"], prefix: "in/a" };
  expect(await create(api, "OBS", clash, api.urn("other"))).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1108" },
  });
  expect((await create(api, "OBS", { ...clash, prefix: "out/" }, api.urn("other"))).status).toBe(201);
});

test.each(["DEDICATEDGATEWAY", "APIC"])(
  "a %s trigger is a gateway trigger with its address",
  async (type) => {
    await using api = await TestApi.start();
    await api.create("demo");
    const { status, body } = await create(api, type, { ...APIG, instance_id: "gateway-1" });
    expect([status, body["event_data"]?.["invoke_url"]]).toEqual([201, `${api.url}/photo`]);
    expect(await create(api, "APIG", APIG)).toMatchObject({ status: 409, body: { error_code: "FSS.1146" } });
    const path = `/triggers/${api.urn("demo", "latest")}/${type}/${body["trigger_id"]}`;
    expect((await api.call("PUT", path, { trigger_status: "DISABLED" })).status).toBe(400);
    expect((await api.call("DELETE", path)).status).toBe(204);
  },
);

test("a dedicated gateway has to be named", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  expect(await create(api, "DEDICATEDGATEWAY", APIG)).toMatchObject({
    status: 400,
    body: { error_code: "FSS.1107", error_msg: expect.stringContaining("instance_id") },
  });
});
