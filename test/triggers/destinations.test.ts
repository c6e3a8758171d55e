import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Invocation, Outcome } from "../../platform/gateway/invoker.ts";
import type { AsyncConfig } from "../../platform/store/async-configs.ts";
import type { Store } from "../../platform/store/store.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { Deliveries } from "../../platform/triggers/deliveries.ts";
import { OBJECT_STORE_FILE, openObjectStore } from "../../platform/triggers/object-store.ts";
import { startEndpoint } from "./endpoint.ts";
import { S3Double } from "./s3-double.ts";
import { createFunction, HELLO, request, temporaryStore, until } from "./support.ts";

const SECRET = "secret-of-the-test";
const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from('"done"'), durationMs: 1 };
const OTHER = { ...HELLO, name: "other" };

/** A queue whose functions answer at once, and that delivers for real. */
async function startQueue(store: Store & { readonly dataDir: string }, more: { retryMs?: number } = {}) {
  const asked: Invocation[] = [];
  const objects = openObjectStore(store.dataDir);
  const deliveries = new Deliveries({ objects, topics: store.topics, region: "local" });
  const queue = new DurableQueue({
    store,
    invoker: { invoke: async (one) => (asked.push(one), SUCCESS), cancel: () => undefined },
    deliver: (one) => deliveries.deliver(one),
    retryMs: 1,
    ...more,
  });
  await queue.start();
  return { queue, asked, objects };
}

function configure(store: Store, onSuccess: AsyncConfig["onSuccess"], key = HELLO): void {
  store.asyncConfigs.put(key, "latest", { maxRetries: 0, maxAgeSeconds: 3600, statusLog: false, onSuccess });
}

function toBucket(prefix = "", days = 0): NonNullable<AsyncConfig["onSuccess"]> {
  return { kind: "bucket", bucket: "results", prefix, days, param: "{}" };
}

test("a bucket of the data folder gets one object a request, with the guide's body", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  configure(store, toBucket("ended/"));
  const { queue } = await startQueue(store);
  await queue.accept([request("r-1")]);
  await until(() => store.asyncRequests.count("success") === 2);
  const folder = join(store.dataDir, "buckets", HELLO.projectId, "results", "ended", "hello");
  const days = await readdir(folder);
  expect(days).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
  expect(await readdir(join(folder, days[0] ?? ""))).toEqual(["r-1.json"]);
  const object = JSON.parse(await readFile(join(folder, days[0] ?? "", "r-1.json"), "utf8")) as unknown;
  expect(object).toMatchObject({
    request_context: { request_id: "r-1", condition: "", approximate_invoke_count: 1 },
    request_payload: '{"id":"r-1"}',
    response_context: { status_code: 200 },
    response_payload: '"done"',
  });
  await queue.close(1000);
});

test("an S3-compatible store gets signed objects; one that fails is asked again", async () => {
  await using store = await temporaryStore();
  await using s3 = await S3Double.start(SECRET);
  const settings = {
    endpoint: s3.endpoint,
    accessKey: "key",
    secretKey: SECRET,
    buckets: { results: HELLO.projectId },
  };
  await writeFile(join(store.dataDir, OBJECT_STORE_FILE), JSON.stringify(settings));
  createFunction(store);
  configure(store, toBucket("a b(c)/", 5));
  s3.failing.push(500, 503);
  const { queue } = await startQueue(store);
  await queue.accept([request("r-1")]);
  await until(() => s3.objects.size === 1);
  const [[name, object] = ["", undefined]] = s3.objects;
  expect(name).toMatch(/^\/results\/a b\(c\)\/hello\/\d{4}-\d\d-\d\d\/r-1\.json$/);
  expect(object?.headers).toMatchObject({ "content-type": "application/json", "x-obs-expires": "5" });
  expect(JSON.parse(object?.body ?? "")).toMatchObject({ request_context: { request_id: "r-1" } });
  expect(s3.refused).toEqual([]);
  await queue.close(1000);
});

test("only a project's own buckets are written into, and wrong settings are told all at once", async () => {
  await using store = await temporaryStore();
  const file = join(store.dataDir, OBJECT_STORE_FILE);
  const settings = {
    endpoint: "http://127.0.0.1:1",
    accessKey: "key",
    secretKey: "s",
    buckets: { mine: "p1", all: "*" },
  };
  await writeFile(file, JSON.stringify(settings));
  const objects = openObjectStore(store.dataDir);
  expect(objects.refusal("p1", "mine", 0)).toBeUndefined();
  expect(objects.refusal("p2", "all", 0)).toBeUndefined();
  expect(objects.refusal("p2", "mine", 0)?.rule).toContain("may not write");
  const put = objects.put({ projectId: "p2", bucket: "mine", name: "a", days: 0, body: Buffer.from("{}") });
  await expect(put).rejects.toThrow("may not write");
  await writeFile(file, '{"endpoint": "ftp://x", "accessKey": ""}');
  expect(() => openObjectStore(store.dataDir)).toThrow(/endpoint: .*\n.*accessKey: .*\n.*secretKey: /);
  await writeFile(file, "{");
  expect(() => openObjectStore(store.dataDir)).toThrow("is not JSON");
});

test("a topic tells every subscriber: endpoints by POST, again when they fail, and functions", async () => {
  await using store = await temporaryStore();
  await using good = await startEndpoint();
  await using shaky = await startEndpoint(500, 302);
  createFunction(store);
  createFunction(store, OTHER);
  store.access.createProject({ id: HELLO.projectId, name: "project" });
  store.topics.create(HELLO.projectId, "ended");
  const urn = `urn:fss:local:${HELLO.projectId}:function:default:other:latest`;
  const subscriptions = [
    { id: "1", protocol: "http", endpoint: good.url },
    { id: "2", protocol: "http", endpoint: shaky.url },
    { id: "3", protocol: "function", endpoint: urn },
  ] as const;
  for (const one of subscriptions) store.topics.subscribe(HELLO.projectId, "ended", one);
  configure(store, { kind: "topic", topic: "ended", param: "{}" });
  const { queue, asked } = await startQueue(store);
  await queue.accept([request("r-1")]);
  await until(() => good.heard.length === 1 && shaky.heard.length === 3 && asked.length === 2);
  const told = good.heard[0];
  expect(told?.headers).toMatchObject({ "x-smn-message-type": "Notification", "x-fungraph-hops": "1" });
  expect(told?.body).toMatchObject({ type: "Notification", topic_urn: "urn:smn:local:project:ended" });
  expect(JSON.parse(told?.body["message"] ?? "")).toMatchObject({ request_context: { request_id: "r-1" } });
  const event = JSON.parse(asked[1]?.event.toString() ?? "") as { record: { smn: { message: string } }[] };
  expect(event).toMatchObject({
    functionname: "other",
    record: [{ event_source: "smn", event_subscription_urn: urn }],
  });
  expect(JSON.parse(event.record[0]?.smn.message ?? "")).toMatchObject({
    request_context: { request_id: "r-1" },
  });
  await queue.close(1000);
});

test("an endpoint that stays down ends among the dead, and hears of it when it is redriven", async () => {
  await using store = await temporaryStore();
  await using endpoint = await startEndpoint(...Array.from({ length: 9 }, () => 500));
  createFunction(store);
  store.access.createProject({ id: HELLO.projectId, name: "project" });
  store.topics.create(HELLO.projectId, "ended");
  store.topics.subscribe(HELLO.projectId, "ended", { id: "1", protocol: "http", endpoint: endpoint.url });
  configure(store, { kind: "topic", topic: "ended", param: "{}" });
  const { queue } = await startQueue(store, { retryMs: 0.01 });
  await queue.accept([request("r-1")]);
  await until(() => store.asyncRequests.count("failed") === 1);
  expect(endpoint.heard).toHaveLength(9);
  const query = { projectId: HELLO.projectId };
  const { requests } = await store.asyncRequests.dead.list(query, { offset: 0, limit: 10 });
  expect(requests).toMatchObject([{ attempts: 9, errorMessage: expect.stringContaining("answered 500") }]);
  expect(await queue.redrive(query)).toBe(1);
  await until(() => endpoint.heard.length === 10);
  await queue.close(1000);
});

test("destinations that lead in a circle are stopped after sixteen, and the last one is kept", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  createFunction(store, OTHER);
  configure(store, { kind: "function", key: OTHER, qualifier: "latest", param: "{}" });
  configure(store, { kind: "function", key: HELLO, qualifier: "latest", param: "{}" }, OTHER);
  const { queue, asked } = await startQueue(store);
  await queue.accept([request("r-1")]);
  await until(() => store.asyncRequests.count("discarded") === 1);
  expect(asked).toHaveLength(17);
  const { requests } = await store.asyncRequests.dead.list(
    { projectId: HELLO.projectId },
    { offset: 0, limit: 10 },
  );
  expect(requests).toMatchObject([{ errorCode: 4011, errorMessage: expect.stringContaining("in a circle") }]);
  expect(store.asyncRequests.count("waiting") + store.asyncRequests.count("running")).toBe(0);
  await queue.close(1000);
});
