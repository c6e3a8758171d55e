import { cp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { controlGroups, dataFolder, descendants, runFolders, runs, until } from "./support.ts";

const REQUESTS = 1000;
/** Slow enough that the kills fall between the first and the last run. */
const WORK = `exports.handler = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  console.log("done " + event.number);
};`;

interface Health {
  readonly asyncWaiting: number;
  readonly asyncRunning: number;
  readonly asyncSuccess: number;
  readonly asyncFailed: number;
}

test("kill -9 during a thousand accepted requests loses none", { timeout: 120_000 }, async () => {
  await using folder = await dataFolder();
  const first = await folder.start();
  await first.deploy("work", WORK);
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let number = next++; number < REQUESTS; number = next++)
      await first.client.invocations.invokeAsync("work", JSON.stringify({ number }));
  };
  await Promise.all(Array.from({ length: 50 }, caller));
  const before = await until(async () => {
    const health = await first.get<Health>("health");
    return health.asyncSuccess > 50 && health;
  });
  expect(before && before.asyncSuccess).toBeLessThan(REQUESTS);
  const orphans = descendants(first.pid);
  await first.kill();

  // A second kill, while the first one's remains are taken up.
  const second = await folder.start();
  await until(
    async () => (await second.get<Health>("health")).asyncSuccess > (before ? before.asyncSuccess : 0) + 50,
  );
  await second.kill();

  const third = await folder.start();
  const end = await until(
    async () => {
      const health = await third.get<Health>("health");
      return health.asyncSuccess + health.asyncFailed === REQUESTS && health;
    },
    50,
    90,
  );
  expect(end).toMatchObject({ asyncWaiting: 0, asyncRunning: 0, asyncFailed: 0, asyncSuccess: REQUESTS });
  const { entries } = await third.logs("work", { keyword: "done ", limit: 10_000 });
  const done = new Set(entries.map((entry) => Number(entry.lines.split("done ")[1])));
  // Lines of the last quarter second before a kill may be missing from the log; the work is not, as counted above.
  expect(done.size).toBeGreaterThan(REQUESTS * 0.8);
  await until(() => orphans.filter(runs).length === 0);
  expect(controlGroups(first.pid) + controlGroups(second.pid)).toBe(0);
  expect(runFolders(folder.path, first.pid) + runFolders(folder.path, second.pid)).toBe(0);
});

test(
  "a function that goes with a kill -9 leaves no log to one of its name",
  { timeout: 60_000 },
  async () => {
    await using folder = await dataFolder();
    const first = await folder.start();
    const urn = await first.deploy("work", `exports.handler = () => console.log("secret");`);
    await first.client.invocations.invoke("work", "{}");
    expect((await first.logs("work", {})).entries).not.toEqual([]);
    const logs = join(folder.path, "logs");
    await cp(logs, join(folder.path, "kept"), { recursive: true });
    await first.client.functions.delete(urn.replace(/:latest$/, ""));
    await first.kill();
    // As if the kill had come before the files were deleted.
    await rm(logs, { recursive: true, force: true });
    await rename(join(folder.path, "kept"), logs);

    const second = await folder.start();
    await until(async () => (await readdir(logs)).length === 0);
    await second.deploy("work", WORK);
    expect((await second.logs("work", {})).entries).toEqual([]);
  },
);
