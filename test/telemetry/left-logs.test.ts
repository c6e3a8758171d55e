import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LeftLogs } from "../../platform/telemetry/left-logs.ts";

const KEY = "project/default/hello";
const GONE = "project/default/gone";
let folder = "";
let problems: unknown[] = [];

beforeEach(async () => {
  problems = [];
  folder = await mkdtemp(join(tmpdir(), "fungraph-left-logs-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A log that a process wrote at a time, in minutes of no matter which day. */
async function write(name: string, functionKey: string, minute: number): Promise<string> {
  const path = join(folder, name, encodeURIComponent(functionKey));
  await mkdir(path, { recursive: true });
  const file = join(path, "00000001.ndjson");
  await writeFile(file, "{}\n");
  await utimes(file, minute * 60, minute * 60);
  return file;
}

function left(living: () => readonly string[] | undefined): LeftLogs {
  return new LeftLogs({
    folder,
    living: () => {
      const names = living();
      return names && new Set(names);
    },
    isThere: (key) => key === KEY,
    problem: (error) => problems.push(error),
  });
}

test("logs of functions that are deleted go where nobody is there to delete them, and nowhere else", async () => {
  const kept = [await write("a", KEY, 1), await write("b", KEY, 1), await write("b", GONE, 1)];
  const gone = await write("a", GONE, 1);
  await left(() => ["b"]).sweep();
  expect(kept.map((file) => existsSync(file))).toEqual([true, true, true]);
  expect(existsSync(gone)).toBe(false);
});

test("of processes that are gone the sixteen that wrote last keep their logs", async () => {
  for (let at = 0; at < 20; at++) await write(`gone-${at}`, KEY, 100 - at);
  await write("old-and-there", KEY, 1);
  await mkdir(join(folder, "wrote-nothing"));
  await left(() => ["old-and-there"]).sweep();
  const names = Array.from({ length: 16 }, (_, at) => `gone-${at}`);
  expect((await readdir(folder)).toSorted()).toEqual([...names, "old-and-there"].toSorted());
});

test("nothing goes while nobody knows who is there", async () => {
  const gone = await write("a", GONE, 1);
  let living: readonly string[] | undefined;
  const logs = left(() => living);
  await logs.sweep();
  expect(existsSync(gone)).toBe(true);
  living = [];
  await logs.sweep();
  expect(existsSync(gone)).toBe(false);
});

test("who asks while it works is served as well, and a folder that is missing is told", async () => {
  const first = await write("a", GONE, 1);
  const logs = left(() => []);
  const working = logs.sweep();
  const second = await write("b", GONE, 1);
  await Promise.all([working, logs.sweep()]);
  expect([existsSync(first), existsSync(second)]).toEqual([false, false]);
  expect(problems).toEqual([]);
  await rm(folder, { recursive: true });
  await logs.sweep();
  expect(problems).toHaveLength(1);
});
