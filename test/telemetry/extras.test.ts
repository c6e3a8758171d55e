import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { normalizeFunction } from "../../model/function.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { Store } from "../../platform/store/store.ts";
import { keyText, type FunctionKey } from "../../platform/store/function-key.ts";
import { extras, type MetricPoint } from "../../platform/telemetry/extras.ts";
import type { LogAnswer } from "../../platform/telemetry/log-answer.ts";
import { openTelemetry } from "../../platform/telemetry/recorder.ts";

const KEY: FunctionKey = { projectId: "project", package: "default", name: "hello" };
const URN = "urn:fss:local:project:function:default:hello:latest";
let dataDir = "";
let store: Store;
let telemetry: ReturnType<typeof openTelemetry>;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fungraph-extras-"));
  store = await openStore(dataDir);
  const spec = normalizeFunction({ name: "hello", runtime: "Node.js20.15", handler: "index.handler" });
  store.functions.create({ key: KEY, spec, code: { type: "zip", size: 1, digest: "00", filename: "a.zip" } });
  telemetry = openTelemetry({ dataDir, metrics: store.metrics, flushMs: 5 });
});
afterEach(async () => {
  await telemetry.close();
  store.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function ask<T>(path: string, query: Record<string, string>, project = "project"): Promise<T> {
  const live = { instances: () => [], flush: () => telemetry.flush() };
  const answers = extras({ store, logs: telemetry, live, region: "local", startedAt: Date.now() });
  const answer = answers.get(`/fungraph/v1/${path}`);
  if (answer === undefined) throw new Error(`no ${path}`);
  return (await answer(new URLSearchParams(query), project)) as T;
}

function run(requestId: string, line: string, failure?: "code"): void {
  telemetry.line(keyText(KEY), "latest", requestId, "i-1", 2, line);
  telemetry.ended({
    functionKey: keyText(KEY),
    version: "latest",
    requestId,
    instanceId: "i-1",
    startedAt: Date.now(),
    durationMs: 2,
    memoryMb: 128,
    memoryUsedMb: 20,
    failure,
  });
}

test.each(["hello", "default:hello", URN])("logs of %s", async (name) => {
  run("r-1", "one line");
  const { entries, cursor } = await ask<LogAnswer>("logs", { function: name, keyword: "line" });
  expect(entries.map((entry) => entry.lines)).toEqual(["one line"]);
  expect(cursor).toMatch(/^\d+\.\d+$/);
});

test("an answer is held until something is logged", async () => {
  run("r-1", "before");
  const { cursor } = await ask<LogAnswer>("logs", { function: "hello" });
  const waiting = ask<LogAnswer>("logs", { function: "hello", cursor, wait: "20" });
  run("r-2", "after");
  expect((await waiting).entries[0]?.requestId).toBe("r-2");
});

test("a wait that is over answers empty with the same cursor", async () => {
  run("r-1", "before");
  const { cursor } = await ask<LogAnswer>("logs", { function: "hello" });
  expect(await ask<LogAnswer>("logs", { function: "hello", cursor, wait: "0.05" })).toEqual({
    entries: [],
    cursor,
  });
});

test.each([
  [{ function: "nobody" }, "FSS.1051", "There is no function"],
  [{}, "FSS.1051", "There is no function"],
  [{ function: "hello", result: "maybe" }, "FSS.0400", "success, failed"],
  [{ function: "hello", reason: "bad luck" }, "FSS.0400", "timeout"],
  [{ function: "hello", limit: "0" }, "FSS.0400", "from 1 to 10000"],
  [{ function: "hello", limit: "x" }, "FSS.0400", "from 1 to 10000"],
  [{ function: "hello", wait: "3600" }, "FSS.0400", "from 0 to 60"],
  [{ function: "hello", since: "yesterday" }, "FSS.0400", "2026-01-31T18:00:00Z"],
])("fails for %j", async (query, code, sentence) => {
  const error = await ask("logs", query as Record<string, string>).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code });
  expect(String(error)).toContain(sentence);
});

test("another project sees neither logs nor metrics", async () => {
  run("r-1", "secret");
  for (const path of ["logs", "metrics"]) {
    await expect(ask(path, { function: "hello" }, "stranger")).rejects.toThrow("There is no function");
    await expect(ask(path, { function: URN }, "stranger")).rejects.toThrow("There is no function");
  }
});

test("metrics in the guide's words", async () => {
  run("r-1", "good");
  run("r-2", "bad", "code");
  telemetry.rejected(keyText(KEY), "latest");
  const { points } = await ask<{ points: MetricPoint[] }>("metrics", { function: "hello" });
  const sum = (pick: (point: MetricPoint) => number): number =>
    points.reduce((all, one) => all + pick(one), 0);
  expect([sum((one) => one.count), sum((one) => one.failcount), sum((one) => one.rejectcount)]).toEqual([
    3, 1, 1,
  ]);
  expect(points[0]).toMatchObject({
    version: "latest",
    duration: 2,
    maxDuration: 2,
    minDuration: 2,
    concurrency: 1,
  });
});
