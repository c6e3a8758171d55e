import { afterAll, beforeAll, expect, test } from "vitest";

import { normalizeFunction } from "../../model/function.ts";
import { LIMITS } from "../../model/limits.ts";
import { TestApi, zip } from "./fixtures.ts";

/** As many of each as a project or a function has before the tests begin; none of them takes one more. */
const FULL = {
  functions: 2,
  versionsPerFunction: 1,
  aliasesPerFunction: 1,
  testEventsPerFunction: 1,
  dependenciesPerFunction: 1,
  tagsPerFunction: 1,
  concurrentExecutions: 10,
} as const;
const EVENT = Buffer.from("{}").toString("base64");

let api: TestApi;
let roomy: TestApi;

beforeAll(async () => {
  api = await TestApi.start({ limits: FULL });
  roomy = await TestApi.start({ limits: { totalCodeBytes: 2000 } });
  for (const name of ["one", "two"]) await api.create(name);
  await post("versions", { version: "v1" });
  await post("aliases", { name: "prod", version: "v1" });
  await post("events", { name: "first", content: EVENT });
  await api.call("PUT", `/functions/${api.urn("one")}/config-max-instance`, { max_instance_num: 399 });
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
  await roomy[Symbol.asyncDispose]();
});

function post(what: string, body: object): ReturnType<TestApi["call"]> {
  return api.call("POST", `/functions/${api.urn("one")}/${what}`, body);
}

function put(what: string, body: object): ReturnType<TestApi["call"]> {
  return api.call("PUT", `/functions/${api.urn("one")}/${what}`, body);
}

/** A function with one setting beyond its limit. */
function beyond(change: Record<string, unknown>): () => ReturnType<TestApi["call"]> {
  return () => roomy.create("demo", change);
}

async function large(): ReturnType<TestApi["call"]> {
  const noise = Array.from({ length: 400 }, () => Math.random()).join();
  return roomy.create("demo", { func_code: { file: await zip(`exports.handler = () => "${noise}";`) } });
}

const characters = (length: number): string => "a".repeat(length);

test.each<[string, () => ReturnType<TestApi["call"]>, string, number]>([
  ["functions of a project", () => api.create("three"), "403 FSS.1041", FULL.functions],
  ["versions", () => post("versions", { version: "v2" }), "400 FSS.0400", FULL.versionsPerFunction],
  ["aliases", () => post("aliases", { name: "b", version: "v1" }), "403 FSS.1043", FULL.aliasesPerFunction],
  [
    "test events",
    () => post("events", { name: "b", content: EVENT }),
    "403 FSS.1068",
    FULL.testEventsPerFunction,
  ],
  [
    "dependencies",
    () => api.create("three", { depend_version_list: ["a", "b"] }),
    "403 FSS.1045",
    FULL.dependenciesPerFunction,
  ],
  ["code of all", large, "403 FSS.1042", 2000],
  ["reserved instances", () => put("reservedinstances", { count: 10 }), "400 FSS.1076", 9],
  [
    "reserved instances of a policy",
    () =>
      put("reservedinstances", {
        count: 1,
        tactics_config: {
          cron_configs: [
            { name: "day", cron: "0 0 8 * * ?", count: 10, start_time: 1, expired_time: 4_000_000_000 },
          ],
        },
      }),
    "400 FSS.1076",
    9,
  ],
  ["the time of a call", beyond({ timeout: 259_201 }), "400 FSS.1008", 259_200],
  ["the shortest time of a call", beyond({ timeout: 2 }), "400 FSS.1008", 3],
  ["memory", beyond({ memory_size: 384 }), "400 FSS.1007", 512],
  ["calls to one instance", beyond({ strategy_config: { concurrent_num: 1001 } }), "400 FSS.1026", 1000],
  ["instances", beyond({ strategy_config: { concurrency: 1001 } }), "400 FSS.1026", 1000],
  ["variables", beyond({ user_data: JSON.stringify({ A: characters(4096) }) }), "400 FSS.1009", 4096],
  [
    "plain and encrypted variables together",
    beyond({
      user_data: JSON.stringify({ A: characters(2048) }),
      encrypted_user_data: JSON.stringify({ B: characters(2047) }),
    }),
    "400 FSS.1009",
    4096,
  ],
  ["the name", beyond({ func_name: characters(61) }), "400 FSS.1002", 60],
  ["the description", beyond({ description: characters(513) }), "400 FSS.1019", 512],
  [
    "the time of the initializer",
    beyond({ initializer_handler: "index.init", initializer_timeout: 301 }),
    "400 FSS.1405",
    300,
  ],
  [
    "inline code",
    beyond({
      code_type: "inline",
      func_code: { file: Buffer.alloc(LIMITS.inlineCodeBytes + 1).toString("base64") },
    }),
    "413 FSS.1072",
    10_240,
  ],
  [
    "retries",
    () => put("async-invoke-config", { max_async_retry_attempts: 4 }),
    "400 FSS.0400",
    LIMITS.asyncRetries.max,
  ],
  [
    "the age of asynchronous requests",
    () => put("async-invoke-config", { max_async_event_age_in_seconds: 86_401 }),
    "400 FSS.0400",
    86_400,
  ],
  [
    "the name of a test event",
    () => post("events", { name: characters(26), content: EVENT }),
    "400 FSS.1074",
    25,
  ],
])(
  "%s: what is beyond the limit has its code, and a sentence with the limit",
  async (_what, ask, code, limit) => {
    const { status, body } = await ask();
    expect(`${status} ${body["error_code"]}`).toBe(code);
    expect(body["error_msg"]).toMatch(new RegExp(`\\b${limit}\\b`));
  },
);

test("of two that create the last function at the same time one succeeds", async () => {
  await using own = await TestApi.start({ limits: { functions: 1 } });
  const answers = await Promise.all([own.create("one"), own.create("two")]);
  const told = answers.map(({ status, body }) => body["error_code"] ?? String(status));
  expect(told.toSorted()).toEqual(["200", "FSS.1041"]);
});

test("what other projects have counts for nobody else", async () => {
  const limits = { functions: 1, concurrentExecutions: 10, totalCodeBytes: 2000 };
  await using own = await TestApi.start({ limits });
  const key = { projectId: "another", package: "default", name: "one" };
  const spec = normalizeFunction({ name: "one", runtime: "Node.js20.15", handler: "index.handler" });
  const code = { type: "zip", size: 2000, digest: "0".repeat(128), filename: "index.zip" };
  own.store.functions.create({ key, spec, code });
  own.store.reservedInstances.put(key, "latest", { count: 9, idleMode: false, policies: [] });
  expect(await own.create("one")).toMatchObject({ status: 200 });
  const reserve = () => own.call("PUT", `/functions/${own.urn("one")}/reservedinstances`, { count: 9 });
  expect(await reserve()).toMatchObject({ status: 200 });
});

test("what is just within the limits is taken", async () => {
  const within = {
    func_name: characters(60),
    description: characters(512),
    timeout: 259_200,
    memory_size: 10_240,
    strategy_config: { concurrency: 1000, concurrent_num: 1000 },
    user_data: JSON.stringify({ A: characters(2048) }),
    encrypted_user_data: JSON.stringify({ B: characters(2046) }),
  };
  expect(await roomy.create("demo", within)).toMatchObject({ status: 200 });
  const asynchronous = { max_async_retry_attempts: 3, max_async_event_age_in_seconds: 86_400 };
  expect(await put("async-invoke-config", asynchronous)).toMatchObject({ status: 200 });
  expect(await put("reservedinstances", { count: 9 })).toMatchObject({ status: 200 });
});
