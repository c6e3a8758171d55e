import { appendFileSync } from "node:fs";
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

test("a change of a function waits for the disk, and then it is there", async () => {
  using it = await temporaryStore();
  it.store.functions.create({ key: KEY, spec: spec(), code: CODE });
  await expect(it.store.settled()).resolves.toBeUndefined();
  expect(it.store.settled()).toBeUndefined();
});
