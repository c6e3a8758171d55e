import { expect, test } from "vitest";
import { startPlatform } from "../../platform/main.ts";
import type { MetricPoint } from "../../platform/telemetry/extras.ts";
import { dataFolder, until } from "./support.ts";

const ECHO = `exports.handler = async (event, context) => {
  console.log("asked", event.word);
  return { word: event.word, alias: context.getAlias() };
};`;

function handler(body: string): string {
  return `exports.handler = async (event, context) => { ${body} };`;
}

test("a function made by a signed call answers, with its log, its summary and its metrics", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("echo", ECHO);
  const reply = await platform.client.invocations.invoke("echo", '{"word":"hello"}', { tail: true });
  expect(JSON.parse(reply.result.toString())).toMatchObject({ word: "hello" });
  expect(reply.log).toMatch(new RegExp(`Start invoke request '${reply.requestId}', version: latest`));
  expect(reply.log).toContain("asked hello");
  const { entries } = await platform.logs("echo", { requestId: reply.requestId });
  const text = entries.map((entry) => entry.lines).join("\n");
  expect(text).toMatch(
    /Start invoke request[^]*asked hello[^]*Finish invoke request .*billing memory: 128MB/,
  );
  const { points } = await platform.get<{ points: MetricPoint[] }>("metrics", { function: "echo" });
  expect(points.reduce((sum, point) => sum + point.count, 0)).toBe(1);
  expect((await platform.get<{ status: string }>("health")).status).toBe("ok");
  const { instances } = await platform.get<{ instances: unknown[] }>("instances");
  expect(instances.length).toBe(1);
});

test("logs can be followed while they are written", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("echo", ECHO);
  const { cursor } = await platform.logs("echo");
  const waiting = platform.logs("echo", { cursor, wait: 20 });
  await platform.client.invocations.invoke("echo", '{"word":"followed"}');
  const seen = (await waiting).entries.map((entry) => entry.lines).join("\n");
  expect(seen).toContain("Start invoke request");
});

test("an asynchronous request runs after its 202, a failing one is tried again", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("echo", ECHO);
  await platform.deploy("fails", handler('throw new Error("boom");'));
  const id = await platform.client.invocations.invokeAsync("echo", '{"word":"later"}');
  const failing = await platform.client.invocations.invokeAsync("fails", "{}");
  await until(
    async () => (await platform.logs("echo", { requestId: id, result: "success" })).entries.length > 0,
  );
  await until(async () => {
    const { entries } = await platform.logs("fails", { requestId: failing, reason: "code" });
    return entries.filter((entry) => entry.kind === "end").length === 2;
  });
});

test("a timer fires each second with the guide's event", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start({ timeZone: "Asia/Shanghai" });
  await platform.deploy(
    "tick",
    `exports.handler = async (event, context) => { console.log(JSON.stringify(event)); };`,
  );
  await platform.client.triggers.create("tick", {
    type: "TIMER",
    status: "ACTIVE",
    eventData: { name: "second", schedule_type: "Cron", schedule: "@every 1s", user_event: "extra" },
  });
  const lines = await until(async () => {
    const { entries } = await platform.logs("tick", { keyword: "trigger_type" });
    return entries.length >= 2 && entries.map((entry) => entry.lines);
  });
  expect(lines && lines[0]).toMatch(
    /"version":"v1.0","time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00","trigger_type":"TIMER","trigger_name":"second","user_event":"extra"/,
  );
});

test("a platform that is told to stop finishes what runs", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("slow", handler("await new Promise((r) => setTimeout(r, 1500)); return 'finished';"));
  const running = platform.client.invocations.invoke("slow", "{}");
  await until(async () => {
    const { instances } = await platform.get<{ instances: { inFlight: number }[] }>("instances");
    return instances.some((one) => one.inFlight > 0);
  });
  platform.child.kill("SIGTERM");
  expect((await running).result.toString()).toBe("finished");
  await until(() => platform.child.exitCode !== null);
  expect(platform.child.exitCode).toBe(0);
});

test("a request that is still running when the grace is over runs again after the next start", async () => {
  await using folder = await dataFolder();
  const config = { shutdownGraceSeconds: 1 };
  const first = await folder.start(config);
  await first.deploy(
    "long",
    handler("console.log('begun'); await new Promise((r) => setTimeout(r, 20000));"),
    {
      timeoutSeconds: 60,
    },
  );
  const id = await first.client.invocations.invokeAsync("long", "{}");
  await until(
    async () => (await first.logs("long", { requestId: id, keyword: "begun" })).entries.length === 1,
  );
  expect(await first.stop()).toBe(0);
  const second = await folder.start(config);
  await until(
    async () => (await second.logs("long", { requestId: id, keyword: "begun" })).entries.length === 2,
  );
});

test("logs of a deleted function are gone, and a new one of its name begins empty", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start();
  await platform.deploy("short", handler("console.log('first life');"));
  await platform.client.invocations.invoke("short", "{}");
  expect((await platform.logs("short")).entries.length).toBeGreaterThan(0);
  await platform.client.functions.delete("short");
  await expect(platform.logs("short")).rejects.toThrow("FSS.1051");
  await platform.deploy("short", handler("return 1;"));
  expect((await platform.logs("short")).entries).toEqual([]);
});

test("without isolation it runs all the same and says what is missing", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start({ isolation: "bare" });
  expect(platform.facts.isolation.missing.length).toBeGreaterThan(0);
  await platform.deploy("echo", ECHO);
  const reply = await platform.client.invocations.invoke("echo", '{"word":"bare"}');
  expect(JSON.parse(reply.result.toString())).toMatchObject({ word: "bare" });
});

test("a closed platform leaves nothing, and a second close does nothing", async () => {
  await using folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  await platform.close();
  await platform.close();
  const again = await startPlatform({ dataDir: folder.path });
  expect(again.projectId).toBe(platform.projectId);
  expect(again.accessKey).toBe(platform.accessKey);
  await again.close();
});

test("fails with a sentence when the port is taken, the folder is in use, or the zone is none", async () => {
  await using folder = await dataFolder();
  await using other = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path });
  const port = Number(new URL(platform.endpoint).port);
  await expect(startPlatform({ dataDir: other.path, port })).rejects.toThrow(
    `Port ${String(port)} on 127.0.0.1 is taken. Stop what uses it`,
  );
  await expect(startPlatform({ dataDir: folder.path })).rejects.toThrow("is in use by another platform");
  await expect(startPlatform({ dataDir: other.path, timeZone: "Mars/Base" })).rejects.toThrow(
    "is no time zone",
  );
  await platform.close();
});
