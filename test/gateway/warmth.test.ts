import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { IdleTimes } from "../../platform/gateway/idle-times.ts";
import { Habit, Warmth } from "../../platform/gateway/warmth.ts";
import { WarmthFile } from "../../platform/gateway/warmth-file.ts";
import { keyText, type FunctionKey } from "../../platform/store/function-key.ts";
import { replay } from "../../bench/warmth.ts";
import { traceOf } from "../../bench/warmth-trace.ts";
import { ask, eventually } from "./caller.ts";
import { startStack } from "./stack.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

function fail(error: unknown): never {
  throw error;
}

/** A habit of calls that come this often. */
function regular(periodMs: number, quietSince = START, seen = 20): Habit {
  const times = new IdleTimes();
  for (let n = 0; n < seen; n += 1) times.add(periodMs);
  return new Habit(128, times, quietSince);
}

/** Minutes after its last call at which a function should have an instance. */
function warmMinutes(habit: Habit, minutes: number): number[] {
  const warmth = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
  warmth.know("one", habit);
  const warm: number[] = [];
  for (let seconds = 0; seconds < minutes * 60; seconds += 5) {
    warmth.tick(START + seconds * 1000 + 1);
    const minute = Math.floor(seconds / 60);
    if (habit.wanted && warm.at(-1) !== minute) warm.push(minute);
  }
  return warm;
}

test("a function that nothing is known of is kept for the usual time", () => {
  const warmth = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
  const habit = warmth.habit("one", 128);
  habit.observe(START, false, START);
  for (const [seconds, wanted] of [
    [0, true],
    [30, true],
    [59, true],
    [60, false],
    [600, false],
  ] as const) {
    warmth.tick(START + seconds * 1000);
    expect([seconds, habit.wanted]).toEqual([seconds, wanted]);
  }
});

test("a regular caller's instance goes after the call and comes just before the next", () => {
  const warm = warmMinutes(regular(30 * MINUTE), 60);
  expect(warm[0]).toBe(0);
  expect(warm.filter((minute) => minute > 0 && minute < 27)).toEqual([]);
  expect(warm).toContain(29);
  expect(warm).toContain(30);
  expect(warm.filter((minute) => minute > 33)).toEqual([]);
});

test("a caller just slower than the usual time is waited for", () => {
  expect(warmMinutes(regular(80_000), 4)).toEqual(expect.arrayContaining([0, 1]));
});

test("a beat that ended is forgotten for another", () => {
  const habit = regular(30 * MINUTE, START, 200);
  expect(warmMinutes(habit, 33)).toContain(29);
  for (let n = 0; n < 1200; n += 1) habit.times.add(10 * MINUTE);
  const warm = warmMinutes(habit, 33);
  expect(warm).toContain(9);
  expect(warm.filter((minute) => minute > 15)).toEqual([]);
});

test("what calls show is taken down between looks, and a clock that is set back says nothing", () => {
  const habit = new Habit(128);
  habit.observe(START, true, 0);
  habit.observe(START + 1000, false, START + 500);
  habit.observe(START + 60_500, false, START + 60_500);
  habit.observe(START + 61_000, true, START + 60_500);
  expect([habit.times.total, habit.quietSince]).toEqual([1, 0]);
  habit.observe(START + 70_000, false, START + 65_000);
  habit.observe(START + 10, false, START + 5);
  expect([habit.times.total, habit.quietSince]).toEqual([1, START + 65_000]);
});

test("instances without calls stay within the memory they may have", () => {
  const warmth = new Warmth({ keepMs: MINUTE, mostMb: 1280 });
  for (let n = 0; n < 100; n += 1) warmth.know(String(n), regular(20 * MINUTE, START));
  let most = 0;
  for (let minute = 10; minute < 20; minute += 0.1) {
    warmth.tick(START + minute * MINUTE);
    const wanted = [...warmth.entries()].filter(([, habit]) => habit.wanted).length;
    if (minute > 19.5) most = Math.max(most, wanted);
  }
  expect(most).toBeLessThanOrEqual(10);
});

test(
  "over a day of calls it removes most cold starts for no more memory than the fixed time",
  { timeout: 60_000 },
  () => {
    const { fixed, learned, kinds } = replay({
      trace: traceOf(100, 12, 7),
      hours: 12,
      taughtHours: 4,
      keepMs: MINUTE,
    });
    expect(learned.calls).toBe(fixed.calls);
    expect(learned.cold).toBeLessThan(fixed.cold / 3);
    expect(learned.idleGbSeconds).toBeLessThan(fixed.idleGbSeconds * 1.03);
    for (const [kind, row] of kinds) expect([kind, row.learned <= row.fixed]).toEqual([kind, true]);
  },
);

test("what was learned outlives a restart; a file that is broken is none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-warmth-"));
  const path = join(folder, "warmth.json");
  const before = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
  const first = new WarmthFile(path, before, fail);
  before.know("p/default/one:latest", regular(30 * MINUTE));
  await first.close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const after = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
  await new WarmthFile(path, after, fail).close();
  const [[name, habit] = ["", new Habit(0)]] = [...after.entries()];
  expect([name, habit.memoryMb, habit.quietSince, habit.times.total]).toEqual([
    "p/default/one:latest",
    128,
    START,
    20,
  ]);
  for (const broken of ["{", '{"a":[1,2,"/"]}', readFileSync(path, "utf8").slice(0, 40)]) {
    writeFileSync(path, broken);
    const none = new Warmth({ keepMs: MINUTE, mostMb: 1024 });
    await new WarmthFile(path, none, fail).close();
    expect([...none.entries()].filter(([, { known }]) => known)).toEqual([]);
  }
  rmSync(folder, { recursive: true });
});

test(
  "lanes follow: one is ready for who is likely, one for who is expected, and who is unlikely gives his back",
  { timeout: 60_000 },
  async () => {
    const warmth = new Warmth({ keepMs: MINUTE, mostMb: 4096 });
    const expected: { key: FunctionKey; qualifier: string }[] = [];
    await using stack = await startStack({ warmth, expected: () => expected });
    const files = {
      "index.js":
        "exports.handler = async (event, context) => ({ statusCode: 200, headers: {}, body: 'ok', isBase64Encoded: false });",
    };
    const deployed = await Promise.all(
      ["likely", "timer", "unlikely"].map((name) => stack.deploy(files, { name })),
    );
    const [likely, timer, unlikely] = deployed.map(({ key }) => key);
    if (likely === undefined || timer === undefined || unlikely === undefined)
      throw new Error("three of them");
    warmth.know(`${keyText(likely)}:latest`, regular(5 * MINUTE, Date.now() - 4.8 * MINUTE));
    warmth.know(`${keyText(unlikely)}:latest`, regular(600 * MINUTE, Date.now() - MINUTE));
    warmth.know(
      `${keyText({ ...likely, name: "deleted" })}:latest`,
      regular(5 * MINUTE, Date.now() - 4.8 * MINUTE),
    );
    expected.push({ key: timer, qualifier: "latest" });
    stack.route(unlikely, { path: "/unlikely" });
    expect((await ask(`${stack.origin}/unlikely`)).body).toBe("ok");
    const alive = (): string[] => stack.scheduler.instances().map((one) => one.functionKey);
    expect(alive()).toEqual([keyText(unlikely)]);
    await eventually(() => alive().sort().join() === [keyText(likely), keyText(timer)].sort().join());
    expect([...warmth.entries()].some(([known]) => known.includes("deleted"))).toBe(false);
    // The call of a minute after the last one was learned.
    expect(warmth.habit(`${keyText(unlikely)}:latest`, 128).times.total).toBe(21);
    expect(stack.problems).toEqual([]);
  },
);
