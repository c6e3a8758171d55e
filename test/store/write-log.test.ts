import { execFileSync } from "node:child_process";
import { appendFileSync, closeSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

import { WriteLog } from "../../platform/store/sqlite/write-log.ts";
import { KEY, CODE, spec, TemporaryFolder, temporaryStore } from "./fixtures.ts";

test("callers before a flush share it, and one who writes meanwhile gets the next", async () => {
  using folder = new TemporaryFolder();
  const file = join(folder.path, "log");
  appendFileSync(file, "one");
  const log = new WriteLog(file);
  expect(log.flushed()).toBeUndefined();
  log.written();
  const first = log.flushed();
  expect(log.flushed()).toBe(first);
  await Promise.resolve();
  await Promise.resolve();
  log.written();
  const second = log.flushed();
  expect(second).not.toBe(first);
  await Promise.all([first, second]);
  expect(log.flushed()).toBeUndefined();
  log.close();
});

test("a log that cannot be flushed is not taken for flushed", async () => {
  using folder = new TemporaryFolder();
  const log = new WriteLog(join(folder.path, "missing"));
  log.written();
  await expect(log.flushed()).rejects.toThrow("ENOENT");
  await expect(log.flushed()).rejects.toThrow("ENOENT");
});

test.skipIf(process.platform !== "linux")(
  "after a flush that failed nothing counts as flushed, even when the next one would not fail",
  async () => {
    using folder = new TemporaryFolder();
    const file = join(folder.path, "log");
    // A pipe can be opened like a file, and not be flushed.
    execFileSync("mkfifo", [file]);
    const writer = openSync(file, "r+");
    const log = new WriteLog(file);
    log.written();
    const failure = /^The disk of the data folder failed: .*EINVAL.* start the platform again\.$/s;
    await expect(log.flushed()).rejects.toThrow(failure);
    // What the number of the open pipe means is changed: the next flush would be one of a file.
    const handles = readdirSync("/proc/self/fd").map(Number);
    const [handle = 0] = handles.filter((one) => one !== writer && targetOf(one) === file);
    closeSync(handle);
    const spare = [openSync(join(folder.path, "whole"), "w")];
    // The lowest number that is free is given out first.
    while ((spare.at(-1) ?? handle) < handle) spare.push(openSync(join(folder.path, "whole"), "w"));
    expect(spare.pop()).toBe(handle);
    log.written();
    await expect(log.flushed()).rejects.toThrow(failure);
    expect(() => log.mustWork()).toThrow(failure);
    log.close();
    for (const one of [writer, ...spare]) closeSync(one);
  },
);

function targetOf(handle: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${handle}`);
  } catch {
    return undefined;
  }
}

test("a change of a function waits for the disk, and then it is there", async () => {
  using it = await temporaryStore();
  it.store.functions.create({ key: KEY, spec: spec(), code: CODE });
  await expect(it.store.settled()).resolves.toBeUndefined();
  expect(it.store.settled()).toBeUndefined();
});
