import { setTimeout as delay } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { FakeFailure } from "../../platform/drivers/fake/fake-runtime.ts";
import type { Target } from "../../platform/scheduler/target.ts";
import { deferred, fakeBench, invoke, target, until, type Bench } from "./fixtures.ts";

const KEEP = { count: 3, idleMode: false };
const NONE = { count: 0, idleMode: false };

const revision = (n: number, more: Parameters<typeof target>[0] = {}): Target =>
  target({ revision: n, ...more });

/** Reserved and ready instances of a revision. */
function ready(bench: Bench, of: Target): number {
  return bench.scheduler
    .instances()
    .filter(({ target: key, reserved, state }) => key === of.key && reserved && state === "ready").length;
}

/** Says what a change of the function says: the new one first. */
function change(bench: Bench, from: Target, to: Target): void {
  bench.scheduler.reserve(to, KEEP);
  bench.scheduler.reserve(from, NONE);
}

test("the old revision stays and serves until all of the new one are ready, then takes its leave", async () => {
  const gate = deferred();
  await using bench = fakeBench({
    load: async ({ load }) => {
      if (load.environment["NEW"] === "1") await gate.promise;
    },
  });
  const [old, next] = [revision(1), revision(2, { environment: { NEW: "1" } })];
  const turns: string[] = [];
  bench.scheduler.onTurn((functionKey) => turns.push(functionKey));
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  const lease = await bench.scheduler.acquire(old);
  // The gateway hears of the change before anybody planned for it.
  expect(bench.scheduler.standIn(next.line, next.key)?.key).toBe(old.key);
  change(bench, old, next);
  expect(bench.scheduler.standIn(next.line, next.key)?.key).toBe(old.key);
  await until(() => bench.driver.created === 6, "the new ones start");
  expect(ready(bench, old)).toBe(3);
  const before = turns.length;
  gate.resolve();
  await until(() => turns.length > before, "the turn");
  expect(bench.scheduler.standIn(next.line, next.key)).toBeUndefined();
  expect(ready(bench, next)).toBe(3);
  // Who still has one keeps it until it gives it back.
  expect((await invoke(lease, "x")).text).toBe("x");
  await until(() => bench.driver.alive === 4, "the spare ones are gone");
  await bench.scheduler.release(lease);
  await until(() => bench.driver.alive === 3, "all of the old ones are gone");
});

test("at the function's maximum they are replaced one by one: never too many, and some always serve", async () => {
  await using bench = fakeBench({ load: () => delay(30) });
  const [old, next] = [revision(1, { maxInstances: 3 }), revision(2, { maxInstances: 3 })];
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  change(bench, old, next);
  // However often it is looked at, one goes at a time.
  for (let looks = 0; looks < 3; looks += 1) change(bench, old, next);
  const serving: number[] = [];
  const all: number[] = [];
  await until(() => {
    serving.push(ready(bench, bench.scheduler.standIn(next.line, next.key) ?? next));
    all.push(bench.scheduler.instances().filter(({ state }) => state !== "stopping").length);
    return ready(bench, next) === 3;
  }, "three of the new one");
  expect(Math.min(...serving)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...all)).toBeLessThanOrEqual(3);
  await until(() => bench.driver.alive === 3, "the old ones are gone");
});

test("a new revision that cannot be loaded takes over all the same, so that its callers get to know", async () => {
  await using bench = fakeBench({
    load: ({ load }) => {
      if (load.environment["NEW"] === "1") throw new FakeFailure("load", "no such module");
    },
  });
  const [old, next] = [revision(1), revision(2, { environment: { NEW: "1" } })];
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  change(bench, old, next);
  await until(() => bench.scheduler.standIn(next.line, next.key) === undefined, "the turn");
  await expect(bench.scheduler.acquire(next)).rejects.toThrow();
  await until(() => bench.driver.alive === 0, "the old ones are gone");
  expect(bench.problems.length).toBeGreaterThan(0);
});

test("a new revision that is not ready after a minute takes over all the same", async () => {
  const gate = deferred();
  await using bench = fakeBench({
    load: async ({ load }) => {
      if (load.environment["NEW"] === "1") await gate.promise;
    },
  });
  const [old, next] = [revision(1), revision(2, { environment: { NEW: "1" } })];
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  change(bench, old, next);
  await until(() => bench.driver.created === 6, "the new ones start");
  expect(bench.scheduler.standIn(next.line, next.key)?.key).toBe(old.key);
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 60_001);
  bench.scheduler.reserve(next, KEEP);
  clock.mockRestore();
  expect(bench.scheduler.standIn(next.line, next.key)).toBeUndefined();
  gate.resolve();
  await until(() => ready(bench, next) === 3 && bench.driver.alive === 3, "only the new ones");
});

test("three changes at once: the first revision serves until the last is ready; the one between never does", async () => {
  const gate = deferred();
  await using bench = fakeBench({
    load: async ({ load }) => {
      if (load.environment["NEW"] !== undefined) await gate.promise;
    },
  });
  const old = revision(1);
  const [second, third] = [2, 3].map((n) => revision(n, { environment: { NEW: String(n) } }));
  if (second === undefined || third === undefined) throw new Error("two of them");
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  change(bench, old, second);
  change(bench, second, third);
  expect(bench.scheduler.standIn(third.line, third.key)?.key).toBe(old.key);
  gate.resolve();
  await until(() => ready(bench, third) === 3 && bench.driver.alive === 3, "only the last");
  expect(bench.scheduler.standIn(third.line, third.key)).toBeUndefined();
});

test("without room a reservation takes over an instance that runs for calls", async () => {
  await using bench = fakeBench();
  const one = revision(1, { maxInstances: 1 });
  const lease = await bench.scheduler.acquire(one);
  bench.scheduler.reserve(one, { count: 1, idleMode: false });
  await until(() => lease.reserved, "it counts as reserved");
  expect(bench.driver.created).toBe(1);
});

test("a version that reserves nothing any more is served by its newest revision at once", async () => {
  await using bench = fakeBench();
  const [old, next] = [revision(1), revision(2)];
  bench.scheduler.reserve(old, KEEP);
  await until(() => ready(bench, old) === 3, "three of the old one");
  const turns: string[] = [];
  bench.scheduler.onTurn((functionKey) => turns.push(functionKey));
  bench.scheduler.reserve(old, NONE);
  expect(turns).toEqual([old.functionKey]);
  expect(bench.scheduler.standIn(next.line, next.key)).toBeUndefined();
});
