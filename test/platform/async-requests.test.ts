import { expect, test } from "vitest";
import { dataFolder, until, type PlatformProcess } from "./support.ts";

/** Any JSON, with every field that a test may ask for. */
type Json = { [key: string]: Json } & Json[] & string;
type Method = "GET" | "POST" | "PUT" | "DELETE";

/** One call below the function's path. */
function call(
  platform: PlatformProcess,
  method: Method,
  path: string,
  more: { body?: unknown; query?: Record<string, string> } = {},
): Promise<Json> {
  const root = `/v2/${platform.facts.projectId}/fgs/functions/`;
  return platform.transport.json({ method, path: root + path, ...more }, (body) => body as never);
}

async function statusOf(platform: PlatformProcess, name: string, id: string): Promise<Json> {
  const list = await call(platform, "GET", `${name}/async-invocations`, { query: { request_id: id } });
  return list["invocations"]?.[0] ?? ({} as Json);
}

/** Says how it began; goes on for ever when it is asked to. */
const WORK = `exports.handler = async (event, context) => {
  console.log("began " + event.name);
  if (event.sleep) await new Promise((resolve) => setTimeout(resolve, event.sleep));
  if (event.fail) throw new Error("on purpose");
  console.log("ended " + event.name);
  return { name: event.name };
};`;
/** A destination as a configuration has it. */
function to(func_urn: string): object {
  return { destination: "FunctionGraph", param: JSON.stringify({ func_urn }) };
}

const HEAR = `exports.handler = async (event, context) => { console.log("heard " + JSON.stringify(event)); };`;

test("asynchronous requests are listed with how they went, and found by id, status and time", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("work", WORK);
  await call(platform, "PUT", "work/async-invoke-config", {
    body: { max_async_retry_attempts: 0, enable_async_status_log: true },
  });
  const good = await platform.client.invocations.invokeAsync("work", '{"name":"good"}');
  const bad = await platform.client.invocations.invokeAsync("work", '{"name":"bad","fail":true}');
  await until(async () => (await statusOf(platform, "work", bad))["status"] === "FAIL");
  await until(async () => (await statusOf(platform, "work", good))["status"] === "SUCCESS");
  expect(await statusOf(platform, "work", good)).toMatchObject({ error_code: 0, error_message: "" });
  expect(await statusOf(platform, "work", bad)).toMatchObject({
    error_code: 4002,
    error_message: expect.stringContaining("on purpose"),
    start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    end_time: expect.stringMatching(/Z$/),
  });
  const ask = async (query: Record<string, string>): Promise<unknown> => {
    const list = await call(platform, "GET", "work/async-invocations", { query });
    return [list["invocations"]?.map((one) => one["request_id"]), list["count"], list["next_marker"]];
  };
  expect(await ask({})).toEqual([[bad, good], 2, 2]);
  expect(await ask({ limit: "1" })).toEqual([[bad], 2, 1]);
  expect(await ask({ limit: "1", marker: "1" })).toEqual([[good], 2, 2]);
  expect(await ask({ status: "SUCCESS" })).toEqual([[good], 1, 1]);
  expect(await ask({ query_begin_time: "", query_end_time: "" })).toEqual([[bad, good], 2, 2]);
  expect(await ask({ query_end_time: "2020-01-01T00:00:00" })).toEqual([[], 0, 0]);
  await expect(ask({ status: "LATER" })).rejects.toThrow("must be one of WAIT");
  await expect(ask({ query_begin_time: "soon" })).rejects.toThrow("must be a time");
  const active = await call(platform, "GET", "work/active-async-invocations");
  expect(active).toEqual({ invocations: [], count: 0, next_marker: 0 });
});

test("a cancelled request that waits never runs; one that runs is stopped and not tried again", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("work", WORK, { timeoutSeconds: 60, maxInstances: 1 });
  await platform.transport.send({
    method: "POST",
    path: `/v2/${platform.facts.projectId}/fgs/functions/enable-async-status-logs`,
  });
  const running = await platform.client.invocations.invokeAsync("work", '{"name":"first","sleep":50000}');
  await until(async () => (await platform.logs("work", { keyword: "began first" })).entries.length > 0);
  const instance = (await platform.get<Json>("instances"))["instances"]?.[0]?.["id"];
  // Behind the running one: in the lane of the only instance.
  const behind = await platform.client.invocations.invokeAsync("work", '{"name":"behind"}');
  const active = await until(async () => {
    const list = await call(platform, "GET", "work/active-async-invocations", {
      query: { requests: `${running},${behind}` },
    });
    return list["count"] === (2 as never) && list;
  });
  expect(active && active["invocations"]?.map((one) => one["request_id"])).toEqual([behind, running]);
  const cancel = (id: string, type?: string): Promise<Json> =>
    call(platform, "POST", "work/cancel", { body: { request_id: id, ...(type && { type }) } });
  expect(await cancel(behind)).toEqual({});
  expect(await cancel(running, "force")).toEqual({});
  expect(await statusOf(platform, "work", running)).toMatchObject({ status: "FAIL", error_code: 4208 });
  expect(await statusOf(platform, "work", behind)).toMatchObject({ error_code: 4208 });
  await expect(cancel(running)).rejects.toThrow("has ended already with the status FAIL");
  await expect(cancel("nothing")).rejects.toThrow("no asynchronous request");
  await until(async () => {
    const alive = (await platform.get<Json>("instances"))["instances"]?.map((one) => one["id"]);
    return !alive?.includes(instance ?? ("" as Json));
  });
  const after = await platform.client.invocations.invokeAsync("work", '{"name":"after"}');
  await until(async () => (await statusOf(platform, "work", after))["status"] === "SUCCESS");
  const { entries } = await platform.logs("work", { keyword: "began " });
  expect(entries.map((entry) => entry.lines)).toEqual([
    expect.stringContaining("began first"),
    expect.stringContaining("began after"),
  ]);
});

test("destinations are told how requests ended, in the words of the guide", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  const urn = await platform.deploy("work", WORK);
  const hear = await platform.deploy("hear", HEAR);
  const config = {
    max_async_retry_attempts: 0,
    destination_config: { on_success: to(hear), on_failure: to(hear) },
  };
  expect(await call(platform, "PUT", "work/async-invoke-config", { body: config })).toMatchObject(config);
  const good = await platform.client.invocations.invokeAsync("work", '{"name":"good"}');
  const bad = await platform.client.invocations.invokeAsync("work", '{"name":"bad","fail":true}');
  const heard = await until(async () => {
    const { entries } = await platform.logs("hear", { keyword: "heard " });
    return (
      entries.length === 2 && entries.map((one) => JSON.parse(one.lines.split("heard ")[1] ?? "") as Json)
    );
  });
  const of = (id: string): Json | undefined =>
    (heard || []).find((one) => one["request_context"]?.["request_id"] === id);
  const context = { function_urn: urn, approximate_invoke_count: 1 };
  expect(of(good)).toEqual({
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    request_context: { ...context, request_id: good, condition: "" },
    request_payload: '{"name":"good"}',
    response_context: { status_code: 200, function_error: "" },
    response_payload: '{"name":"good"}',
  });
  expect(of(bad)).toMatchObject({
    request_context: { ...context, request_id: bad, condition: "UnhandledInvocationError" },
    request_payload: '{"name":"bad","fail":true}',
    response_context: { status_code: 500, function_error: "" },
    response_payload: expect.stringContaining("on purpose"),
  });
});

const ROUNDS = 200;
/** Slow enough that the kill falls between the first and the last run. */
const SLOW = `exports.handler = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return event.number;
};`;
const COUNT = `exports.handler = async (event, context) => { console.log("told " + event.response_payload); };`;

test("kill -9 between runs and notifications loses none", { timeout: 90_000 }, async () => {
  await using folder = await dataFolder();
  const first = await folder.start();
  await first.deploy("work", SLOW);
  const param = JSON.stringify({ func_urn: await first.deploy("hear", COUNT) });
  const destination_config = { on_success: { destination: "FunctionGraph", param } };
  await call(first, "PUT", "work/async-invoke-config", { body: { destination_config } });
  for (let number = 0; number < ROUNDS; number += 1)
    await first.client.invocations.invokeAsync("work", JSON.stringify({ number }));
  await until(async () => ((await first.get<Record<string, number>>("health"))["asyncSuccess"] ?? 0) > 40);
  await first.kill();

  const second = await folder.start();
  // Each success of the work was written together with its notification, so twice as many succeed.
  const health = await until(
    async () => {
      const now = await second.get<Record<string, number>>("health");
      return now["asyncWaiting"] === 0 && now["asyncRunning"] === 0 && now;
    },
    50,
    60,
  );
  expect(health).toMatchObject({ asyncFailed: 0, asyncSuccess: 2 * ROUNDS });
});
