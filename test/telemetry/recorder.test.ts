import { appendFile, mkdtemp, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MetricRow } from "../../platform/store/metrics.ts";
import { renderEntry, renderTail } from "../../platform/telemetry/log-entry.ts";
import { openTelemetry } from "../../platform/telemetry/recorder.ts";
import type { InvocationEnd } from "../../platform/telemetry/telemetry.ts";

const KEY = "project/default/hello";
const FOLDER = encodeURIComponent(KEY);
let dataDir = "";
let saved: MetricRow[] = [];
const metrics = { add: (rows: readonly MetricRow[]) => void saved.push(...rows), query: () => saved };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "fungraph-telemetry-"));
  saved = [];
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function end(requestId: string, more: Partial<InvocationEnd> = {}): InvocationEnd {
  return {
    functionKey: KEY,
    version: "latest",
    requestId,
    instanceId: "i-1",
    startedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
    durationMs: 65.828,
    memoryMb: 128,
    memoryUsedMb: 21.473,
    failure: undefined,
    ...more,
  };
}

function texts(entries: readonly Parameters<typeof renderEntry>[0][]): string[] {
  return entries.flatMap((entry) => renderEntry(entry).split("\n"));
}

test("a request's log reads start, lines, finish, found before it is flushed", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  telemetry.line(KEY, "latest", "r-1", "i-1", 2, 'first "quoted"\nsecond half');
  telemetry.ended(end("r-1"));
  telemetry.ended(end("r-2", { failure: "timeout" }));
  const page = await telemetry.logs(KEY, {});
  expect(page.entries.map((entry) => `${entry.kind} ${entry.requestId}`)).toEqual([
    "start r-1",
    "line r-1",
    "end r-1",
    "end r-2",
  ]);
  const lines = texts(page.entries);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z Start invoke request 'r-1', version: latest$/);
  expect(lines[1]).toBe('first "quoted"');
  expect(lines[3]).toMatch(
    /Z Finish invoke request 'r-1', duration: 65.828ms, billing duration: 66ms, memory used: 21.473MB, billing memory: 128MB$/,
  );
  expect(lines[4]).toBe("2026-01-02T03:04:05.000Z Start invoke request 'r-2', version: latest");
  expect(lines[5]).toContain("Finish invoke request 'r-2'(invoke Failed), duration: 65.828ms");
  await telemetry.close();
});

test("filters by version, request, instance, keyword, result, reason, time and limit", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  telemetry.line(KEY, "latest", "r-1", "i-1", 2, "apple pie");
  telemetry.ended(end("r-1"));
  telemetry.line(KEY, "v1", "r-2", "i-2", 4, "apple tart");
  telemetry.ended(end("r-2", { version: "v1", instanceId: "i-2", failure: "memory" }));
  telemetry.ended(end("r-3", { failure: "code", startedAt: Date.UTC(2100, 0, 1) }));
  const ids = async (query: Parameters<typeof telemetry.logs>[1]): Promise<string[]> =>
    (await telemetry.logs(KEY, query)).entries.map((entry) => `${entry.kind} ${entry.requestId}`);
  expect(await ids({ version: "v1" })).toEqual(["start r-2", "line r-2", "end r-2"]);
  expect(await ids({ requestId: "r-1" })).toEqual(["start r-1", "line r-1", "end r-1"]);
  expect(await ids({ instanceId: "i-2", keyword: "tart" })).toEqual(["line r-2"]);
  expect(await ids({ keyword: "apple" })).toEqual(["line r-1", "line r-2"]);
  expect(await ids({ result: "success" })).toEqual(["start r-1", "line r-1", "end r-1"]);
  expect(await ids({ result: "failed" })).toEqual(["start r-2", "line r-2", "end r-2", "end r-3"]);
  expect(await ids({ reason: "memory" })).toEqual(["start r-2", "line r-2", "end r-2"]);
  expect(await ids({ from: Date.UTC(2099, 11, 31), to: Date.UTC(2100, 1, 1) })).toContain("end r-3");
  expect(await ids({ from: Date.UTC(2100, 1, 1) })).toEqual([]);
  expect(await ids({ limit: 2 })).toEqual(["end r-2", "end r-3"]);
  await telemetry.close();
});

test("a cursor continues where the page before ended, and grown() wakes the reader", async () => {
  const telemetry = openTelemetry({ dataDir, metrics, flushMs: 5 });
  telemetry.ended(end("r-1"));
  let page = await telemetry.logs(KEY, {});
  expect((await telemetry.logs(KEY, { cursor: page.cursor })).entries).toEqual([]);
  const grown = telemetry.grown(KEY, 20_000);
  for (const id of ["r-2", "r-3", "r-4"]) telemetry.ended(end(id));
  await grown;
  page = await telemetry.logs(KEY, { cursor: page.cursor, limit: 2 });
  expect(page.entries.map((entry) => entry.requestId)).toEqual(["r-2", "r-3"]);
  page = await telemetry.logs(KEY, { cursor: page.cursor });
  expect(page.entries.map((entry) => entry.requestId)).toEqual(["r-4"]);
  await telemetry.close();
});

test("rotates by size, keeps the newest files, and a reader crosses them in order", async () => {
  const telemetry = openTelemetry({ dataDir, metrics, segmentBytes: 2000, segmentCount: 3 });
  for (let number = 0; number < 100; number++) {
    telemetry.ended(end(`r-${String(number)}`));
    if (number % 5 === 0) await telemetry.flush();
  }
  await telemetry.close();
  const files = await readdir(join(dataDir, "logs", FOLDER));
  expect(files.length).toBe(3);
  const again = openTelemetry({ dataDir, metrics });
  const newest = (await again.logs(KEY, {})).entries.map((entry) => entry.requestId);
  expect(newest.at(-1)).toBe("r-99");
  expect(newest.length).toBeGreaterThan(10);
  const forward = (await again.logs(KEY, { cursor: "0.0" })).entries.map((entry) => entry.requestId);
  expect(forward).toEqual(newest);
  await again.close();
});

test("a torn last line is skipped and does not damage what follows", async () => {
  const first = openTelemetry({ dataDir, metrics });
  first.ended(end("r-1"));
  await first.close();
  const file = join(dataDir, "logs", FOLDER, "00000001.ndjson");
  await appendFile(file, '{"kind":"end","at":17');
  const second = openTelemetry({ dataDir, metrics });
  second.ended(end("r-2"));
  expect((await second.logs(KEY, {})).entries.map((entry) => entry.requestId)).toEqual(["r-1", "r-2"]);
  await second.close();
  await truncate(file, 5);
  const third = openTelemetry({ dataDir, metrics });
  expect((await third.logs(KEY, {})).entries).toEqual([]);
  await third.close();
});

test("logs that cannot be written are dropped, counted and told once; nothing throws", async () => {
  const told: string[] = [];
  await appendFile(join(dataDir, "file"), "not a folder");
  const telemetry = openTelemetry({
    dataDir: join(dataDir, "file"),
    metrics,
    warn: (text) => void told.push(text),
  });
  telemetry.ended(end("r-1"));
  await telemetry.flush();
  telemetry.ended(end("r-2"));
  await telemetry.flush();
  expect(telemetry.problems().droppedBytes).toBeGreaterThan(200);
  expect(told.length).toBe(1);
  expect(told[0]).toContain("Free space");
  await telemetry.close();
});

test("more rows than the columns hold are all written, in order", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  for (let number = 0; number < 10_000; number++) telemetry.ended(end(String(number)));
  const { entries } = await telemetry.logs(KEY, { limit: 20_000 });
  expect(entries.map((entry) => entry.requestId)).toEqual(
    Array.from({ length: 10_000 }, (_, i) => String(i)),
  );
  await telemetry.close();
});

test("counts per version and minute: all, failed, rejected, durations, concurrency", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  telemetry.ended(end("r-1", { durationMs: 10, concurrency: 3 }));
  telemetry.ended(end("r-2", { durationMs: 30, failure: "code" }));
  telemetry.ended(end("r-3", { durationMs: 20, version: "v1" }));
  telemetry.rejected(KEY, "v1");
  await telemetry.close();
  const minute = Date.UTC(2026, 0, 2, 3, 4) / 60_000;
  expect(saved.find((row) => row.version === "latest")).toEqual({
    functionKey: KEY,
    version: "latest",
    minute,
    count: 2,
    failCount: 1,
    rejectCount: 0,
    durationSum: 40,
    durationMax: 30,
    durationMin: 10,
    concurrencyMax: 3,
    reservedInstances: 0,
    onDemandInstances: 0,
    systemFailCount: 0,
    gbSeconds: expect.any(Number),
  });
  const v1 = saved.filter((row) => row.version === "v1");
  expect(v1.reduce((sum, row) => sum + row.count, 0)).toBe(1);
  expect(v1.reduce((sum, row) => sum + row.rejectCount, 0)).toBe(1);
});

test("counts stay in memory while the store refuses them", async () => {
  let refuse = true;
  const store = {
    add: (rows: readonly MetricRow[]): void => {
      if (refuse) throw new Error("disk is full");
      saved.push(...rows);
    },
    query: () => [],
  };
  const told: string[] = [];
  const telemetry = openTelemetry({ dataDir, metrics: store, warn: (text) => void told.push(text) });
  telemetry.ended(end("r-1"));
  await telemetry.flush();
  expect(told.length).toBe(1);
  refuse = false;
  await telemetry.close();
  expect(saved.map((row) => row.count)).toEqual([1]);
});

test("forget deletes the files of one function", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  telemetry.ended(end("r-1"));
  telemetry.ended(end("r-2", { functionKey: "project/default/other" }));
  await telemetry.flush();
  await telemetry.forget(KEY);
  expect(await readdir(join(dataDir, "logs"))).toEqual([encodeURIComponent("project/default/other")]);
  await telemetry.close();
});

test("a sweep deletes the files of functions that are gone, whoever wrote them", async () => {
  const other = "project/default/other";
  const earlier = openTelemetry({ dataDir, metrics });
  earlier.ended(end("r-1"));
  earlier.ended(end("r-2", { functionKey: other }));
  await earlier.close();
  const telemetry = openTelemetry({ dataDir, metrics });
  await telemetry.sweep((key) => key === other);
  expect(await readdir(join(dataDir, "logs"))).toEqual([encodeURIComponent(other)]);
  await telemetry.close();
});

test("a sweep before anything was logged finds nothing", async () => {
  const telemetry = openTelemetry({ dataDir, metrics });
  await expect(telemetry.sweep(() => false)).resolves.toBeUndefined();
  await telemetry.close();
});

test("the tail keeps the newest whole lines within its bytes", () => {
  const facts = { ...end("r-1"), failure: undefined };
  const whole = renderTail(facts, ["one", "two"], 2048);
  expect(whole.split("\n").slice(1, 3)).toEqual(["one", "two"]);
  const cut = renderTail(
    facts,
    Array.from({ length: 100 }, (_, i) => `line ${String(i)} 水`),
    512,
  );
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(512);
  expect(cut).toMatch(/^line \d+ 水\n/);
  expect(cut).toMatch(/billing memory: 128MB$/);
});
