import { expect, test } from "vitest";

import { AT_REST } from "../../platform/api/live.ts";
import { QueueFullError } from "../../platform/triggers/queue-full.ts";
import { type Answer, TestApi } from "./fixtures.ts";

function topics(api: TestApi, rest = ""): string {
  return `/fungraph/v1/projects/${api.credential.projectId}/topics${rest}`;
}

/** A destination as a configuration has it. */
function to(destination: string, param: object): object {
  return { destination, param: JSON.stringify(param) };
}

test("topics are made, listed, subscribed to and deleted with their subscriptions", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const topic = { name: "ended", topic_urn: `urn:smn:local:${api.credential.projectId}:ended` };
  expect(await api.send("POST", topics(api), { name: "ended" })).toMatchObject({ status: 201, body: topic });
  expect(await api.send("POST", topics(api), { name: "ended" })).toMatchObject({ status: 409 });
  expect((await api.send("GET", topics(api))).body).toEqual({ topics: [topic] });
  const endpoints = ["https://example.com/hook", api.urn("demo", "latest")];
  for (const endpoint of endpoints) {
    expect(await api.send("POST", topics(api, "/ended/subscriptions"), { endpoint })).toMatchObject({
      status: 201,
    });
    expect(await api.send("POST", topics(api, "/ended/subscriptions"), { endpoint })).toMatchObject({
      status: 409,
    });
  }
  const list = await api.send("GET", topics(api, "/ended/subscriptions"));
  expect(list.body["subscriptions"]?.map((one) => [one["protocol"], one["endpoint"]])).toEqual([
    ["https", endpoints[0]],
    ["function", endpoints[1]],
  ]);
  const id = list.body["subscriptions"]?.[0]?.["id"] ?? "";
  expect((await api.send("DELETE", topics(api, `/ended/subscriptions/${id}`))).status).toBe(204);
  expect((await api.send("DELETE", topics(api, `/ended/subscriptions/${id}`))).status).toBe(404);
  expect((await api.send("DELETE", topics(api, "/ended"))).status).toBe(204);
  expect((await api.send("GET", topics(api, "/ended/subscriptions"))).status).toBe(404);
  expect((await api.send("GET", topics(api))).body).toEqual({ topics: [] });
});

test.each([
  ["no URL", "example.com/hook"],
  ["another scheme", "file:///etc/passwd"],
  ["a URL with a password", "https://user:password@example.com/"],
  ["a function that is not there", "urn:fss:local:PROJECT:function:default:missing:latest"],
  ["a function of another project", "urn:fss:local:other:function:default:demo:latest"],
])("an endpoint fails that is %s", async (_, endpoint) => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.send("POST", topics(api), { name: "ended" });
  const given = { endpoint: endpoint.replace("PROJECT", api.credential.projectId) };
  const { status, body } = await api.send("POST", topics(api, "/ended/subscriptions"), given);
  expect([status, body["error_msg"]]).toEqual([400, expect.stringContaining("must be an http or https URL")]);
});

test("a topic's name fails with other characters, and topics are for administrators", async () => {
  await using api = await TestApi.start();
  expect((await api.send("POST", topics(api), { name: "a/b" })).status).toBe(400);
  const path = `/fungraph/v1/projects/${api.credential.projectId}/credentials`;
  const { body } = await api.send("POST", path, {});
  const pair = { accessKey: body["access_key"] ?? "", secretKey: body["secret_key"] ?? "" };
  expect((await api.send("GET", topics(api), undefined, pair)).status).toBe(403);
});

test("messages are published to topics that are there, with the limits of the service", async () => {
  const published: object[] = [];
  let full = false;
  const publish = async (message: object): Promise<string> => {
    if (full) throw new QueueFullError("It is full.");
    published.push(message);
    return "m-1";
  };
  await using api = await TestApi.start({ live: { ...AT_REST, publish } });
  await api.send("POST", topics(api), { name: "news" });
  const { projectId } = api.credential;
  const urn = (name: string, region = "local"): string => `urn:smn:${region}:${projectId}:${name}`;
  const send = (body: object, name = urn("news")): ReturnType<typeof api.send> =>
    api.send("POST", `/v2/${projectId}/notifications/topics/${encodeURIComponent(name)}/publish`, body);
  expect(await send({ message: "ü".repeat(128 * 1024), subject: "s" })).toMatchObject({
    status: 200,
    body: { message_id: "m-1" },
  });
  expect(published).toEqual([{ projectId, topic: "news", subject: "s", text: "ü".repeat(128 * 1024) }]);
  const refused = [
    [send({ message: "m" }, urn("olds")), 404, "FSS.1171"],
    [send({ message: "m" }, urn("news", "elsewhere")), 404, "FSS.1171"],
    [send({ message: "m" }, "news"), 404, "FSS.1171"],
    [send({ message: "ü".repeat(128 * 1024) + "." }), 413, "FSS.0413"],
    [send({ message: "" }), 400, "FSS.0400"],
    [send({}), 400, "FSS.0400"],
  ] as const;
  for (const [answer, status, code] of refused)
    expect(await answer).toMatchObject({ status, body: { error_code: code } });
  full = true;
  expect(await send({ message: "m" })).toMatchObject({ status: 429, body: { error_code: "FSS.0429" } });
  expect(published).toHaveLength(1);
});

test("buckets and topics are destinations; what is not there fails with a sentence on each", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { projectId } = api.credential;
  const put = (on_success: object, on_failure?: object): ReturnType<TestApi["call"]> =>
    api.call("PUT", `/functions/${api.urn("demo")}/async-invoke-config`, {
      destination_config: { on_success, ...(on_failure && { on_failure }) },
    });
  const urn = `urn:smn:local:${projectId}:ended`;
  const missing = await put(to("SMN", { topic_urn: urn }));
  expect([missing.status, missing.body["error_msg"]]).toEqual([
    400,
    expect.stringContaining("does not exist"),
  ]);
  await api.send("POST", topics(api), { name: "ended" });
  const bucket = to("OBS", { bucket: "results", prefix: "/failed", expires: 0 });
  const both = await put(to("SMN", { topic_urn: urn }), bucket);
  expect(both).toMatchObject({
    status: 200,
    body: { destination_config: { on_success: to("SMN", { topic_urn: urn }), on_failure: bucket } },
  });
  expect(
    api.store.asyncConfigs.list({ projectId, package: "default", name: "demo" })[0]?.config,
  ).toMatchObject({
    onSuccess: { kind: "topic", topic: "ended" },
    onFailure: { kind: "bucket", bucket: "results", prefix: "failed/", days: 0 },
  });
  for (const [param, rule] of [
    [{ bucket: "Results" }, "small letters"],
    [{ bucket: "results", prefix: "a/../b" }, "without .."],
    [{ bucket: "results", prefix: "a".repeat(201) }, "200 between two slashes"],
    [{ bucket: "results", expires: -1 }, "whole number of days"],
    [{}, "small letters"],
  ] as const) {
    const { status, body } = await put(to("OBS", param));
    expect([status, body["error_msg"]]).toEqual([400, expect.stringContaining(rule)]);
  }
});

const subscribed = async (api: TestApi): Promise<unknown> =>
  api.send("POST", topics(api, "/ended/subscriptions"), { endpoint: api.urn("demo", "latest") });
const triggered = async (api: TestApi): Promise<unknown> =>
  api.call("POST", `/triggers/${api.urn("demo", "latest")}`, {
    trigger_type_code: "SMN",
    trigger_status: "ACTIVE",
    event_data: { topic_urn: `urn:smn:local:${api.credential.projectId}:ended` },
  });

async function warningOf(reply: Promise<Answer>): Promise<[number, string | null]> {
  const { status, headers } = await reply;
  return [status, headers.get("warning")];
}

const tells = (api: TestApi): Promise<Answer> => {
  const param = JSON.stringify({ topic_urn: `urn:smn:local:${api.credential.projectId}:ended` });
  const destination_config = { on_success: { destination: "SMN", param } };
  return api.call("PUT", `/functions/${api.urn("demo")}/async-invoke-config`, { destination_config });
};

function listens(api: TestApi, topic: string, status = "ACTIVE"): Promise<Answer> {
  const event_data = { topic_urn: topic };
  const trigger = { trigger_type_code: "SMN", trigger_status: status, event_data };
  return api.call("POST", `/triggers/${api.urn("demo", "latest")}`, trigger);
}

test("an SMN trigger of a topic that is not there, or is another's, is kept with a warning that says so", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { projectId } = api.credential;
  expect(await warningOf(listens(api, `urn:smn:local:${projectId}:n\u00e9w"s`))).toEqual([
    201,
    expect.stringMatching(
      /^299 - "The project has no topic .*n\\u00e9w.* There can be none: the name of a topic must/,
    ),
  ]);
  expect(await warningOf(listens(api, `urn:smn:local:${projectId}:soon`))).toEqual([
    201,
    expect.stringMatching(/^299 - "The project has no topic .*soon.*: fungraph topics create soon, or POST/),
  ]);
  for (const urn of [`urn:smn:north:${projectId}:news`, "urn:smn:local:somebody:news"])
    expect(await warningOf(listens(api, urn))).toEqual([
      201,
      expect.stringContaining(`of another project or region, of which no message comes here. For a topic`),
    ]);
  await api.send("POST", topics(api), { name: "news" });
  expect(await warningOf(listens(api, `urn:smn:local:${projectId}:news`))).toEqual([201, null]);
  expect(await warningOf(listens(api, `urn:smn:local:${projectId}:later`, "DISABLED"))).toEqual([201, null]);
});

test("a circle is warned of whichever comes last: trigger, switch, subscription or topic", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const topic = `urn:smn:local:${api.credential.projectId}:ended`;
  const circle = expect.stringContaining("demo -> demo");
  const ended = () => warningOf(api.send("POST", topics(api), { name: "ended" }));
  expect(await ended()).toEqual([201, null]);
  expect(await warningOf(tells(api))).toEqual([200, null]);
  const disabled = await listens(api, topic, "DISABLED");
  expect(disabled.headers.get("warning")).toBeNull();
  const id = String(disabled.body["trigger_id"]);
  const path = `/triggers/${api.urn("demo", "latest")}/SMN/${id}`;
  expect(await warningOf(api.call("PUT", path, { trigger_status: "ACTIVE" }))).toEqual([200, circle]);

  // Without the topic there is no circle; with it there is one again.
  await api.send("DELETE", topics(api, "/ended"));
  expect(await ended()).toEqual([201, circle]);
  await api.call("DELETE", path);
  expect(await warningOf(listens(api, topic))).toEqual([201, circle]);
  await api.call("DELETE", `/triggers/${api.urn("demo", "latest")}`);
  const endpoint = api.urn("demo", "latest");
  expect(await warningOf(api.send("POST", topics(api, "/ended/subscriptions"), { endpoint }))).toEqual([
    201,
    circle,
  ]);
});

test.each([
  ["a subscription", subscribed],
  ["an SMN trigger", triggered],
])("a circle that leads over a topic and %s is kept with a warning", async (_, listen) => {
  await using api = await TestApi.start();
  await api.create("demo");
  await api.send("POST", topics(api), { name: "ended" });
  await listen(api);
  expect(await warningOf(tells(api))).toEqual([200, expect.stringContaining("demo -> demo")]);
});
