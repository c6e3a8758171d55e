import { appendFileSync, closeSync, existsSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FlushThread } from "../../platform/store/sqlite/flush-thread.ts";
import { TemporaryFolder } from "./fixtures.ts";

/** More than the pool is left to do. */
const MANY = 50;

/** Threads of this process; undefined where nobody counts them. */
function threads(): number | undefined {
  return existsSync("/proc/self/task") ? readdirSync("/proc/self/task").length : undefined;
}

function open(folder: TemporaryFolder): number {
  const file = join(folder.path, "log");
  appendFileSync(file, "one");
  return openSync(file, "r");
}

test("many flushes are all done, by the pool and then by the thread, and a failure of each is told", async () => {
  using folder = new TemporaryFolder();
  const handle = open(folder);
  const thread = new FlushThread();
  const failed = (): Promise<void> =>
    expect(thread.flush(1_000_000)).rejects.toMatchObject({ code: "EBADF", syscall: expect.any(String) });
  await failed();
  // The pool's own threads are there after its first work.
  await thread.flush(handle);
  const before = threads();
  const hasThread = (): boolean => before === undefined || threads() !== before;
  for (let at = 0; at < MANY || !hasThread(); at++) await thread.flush(handle);
  await failed();
  await expect(thread.flush(handle)).resolves.toBeUndefined();
  thread.close();
  closeSync(handle);
});

test("a flush that runs when it is closed is done, and later ones are again", async () => {
  using folder = new TemporaryFolder();
  const handle = open(folder);
  const thread = new FlushThread();
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < MANY; at++) await thread.flush(handle);
    const last = thread.flush(handle);
    thread.close();
    await last;
  }
  closeSync(handle);
});
