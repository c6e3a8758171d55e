import { expect, test } from "vitest";
import { LIMITS } from "../../model/limits.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { FakeFailure } from "../../platform/drivers/fake/fake-runtime.ts";
import { IdleTimes } from "../../platform/gateway/idle-times.ts";
import type { Lane } from "../../platform/gateway/lane.ts";
import { Lanes } from "../../platform/gateway/lanes.ts";
import { Habit } from "../../platform/gateway/warmth.ts";
import { targetOf } from "../../platform/scheduler/target.ts";
import { eventually } from "./caller.ts";
import { startStack } from "./stack.ts";

const IDLE_SECONDS = 0.1;

/** Lanes of functions that nothing calls; those of the name `broken` cannot be loaded. */
async function startLanes() {
  const loaded: string[] = [];
  const driver = new FakeDriver({
    load: ({ load: { function: own } }) => {
      loaded.push(own.name);
      if (own.name === "broken") throw new FakeFailure("load", "no such module");
    },
  });
  const stack = await startStack({ driver });
  const { concurrentExecutions, queueLength, queueSeconds } = LIMITS;
  const bounds = { concurrentExecutions, queueLength, queueSeconds, idleSeconds: IDLE_SECONDS };
  const { scheduler, telemetry } = stack;
  const lanes = new Lanes({
    scheduler,
    telemetry,
    ...bounds,
    problem: (error) => stack.problems.push(error),
  });
  return {
    loaded,
    /** The lane of a function of that name, which is called about now when `likely`. */
    open: async (name: string, likely?: boolean): Promise<Lane> => {
      const record = await stack.deploy({ "index.js": "" }, { name });
      const lane = lanes.open(await targetOf(record, stack.store.code, "local"));
      if (likely !== undefined) lane.habit = new Habit(128, often(), 1);
      if (lane.habit !== undefined) lane.habit.wanted = likely === true;
      return lane;
    },
    alive: (): string[] =>
      scheduler.instances().map(({ functionKey }) => functionKey.split("/").at(-1) ?? ""),
    ids: (): string[] => scheduler.instances().map(({ id }) => id),
    [Symbol.asyncDispose]: async () => {
      await lanes.close(0);
      expect(stack.problems).toEqual([]);
      await stack[Symbol.asyncDispose]();
    },
  };
}

function often(): IdleTimes {
  const times = new IdleTimes();
  for (let seen = 0; seen < 20; seen += 1) times.add(300_000);
  return times;
}

test("an instance for which a call is likely is kept beyond the usual time, others are not", async () => {
  await using lanes = await startLanes();
  const likely = await lanes.open("likely", true);
  likely.warmUp();
  await eventually(() => lanes.alive().includes("likely"));
  const [id] = lanes.ids();
  // Of this one nothing is known; somebody expects a call, and then not any more.
  (await lanes.open("unknown")).warmUp(performance.now() + 1);
  await eventually(() => lanes.alive().length === 2);
  await eventually(() => lanes.alive().length === 1);
  expect(lanes.ids()).toEqual([id]);
});

test("a function is started ahead only when a call is likely or expected, once, and not again when that fails", async () => {
  await using lanes = await startLanes();
  const [unlikely, broken, good] = [
    await lanes.open("unlikely", false),
    await lanes.open("broken", true),
    await lanes.open("good", true),
  ];
  for (let looks = 0; looks < 3; looks += 1) {
    for (const lane of [unlikely, broken, good]) lane.warmUp();
    await eventually(() => lanes.loaded.length === 2 && broken.empty && !good.empty);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(lanes.loaded.toSorted()).toEqual(["broken", "good"]);
});
