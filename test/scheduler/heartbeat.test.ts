import { expect, test } from "vitest";
import { HEARTBEAT, type Rhythm } from "../../platform/scheduler/heartbeat.ts";
import { fakeBench, invoke, target, until } from "./fixtures.ts";

test("an instance is asked every 5 s, has 3 s for its answer, and six times to miss (guide 3.3.12)", () => {
  expect(HEARTBEAT).toEqual({ everyMs: 5_000, timeoutMs: 3_000, misses: 6 });
});

/** The same, a hundred times faster. */
const heartbeat: Rhythm = { everyMs: 50, timeoutMs: 30, misses: 6 };
const java = target({ runtime: "Java17", handler: "a.B.c", heartbeat: { handler: "a.B.heartbeat" } });

test("an instance that answers is asked again and again, and left alone", async () => {
  let asked = 0;
  const knobs = { heartbeat: () => void asked++, handler: () => "fine" };
  await using bench = fakeBench(knobs, { heartbeat });
  const lease = await bench.scheduler.acquire(java);
  await until(() => asked >= 3, "three questions");
  expect(await invoke(lease)).toMatchObject({ failure: undefined, text: "fine" });
  await bench.scheduler.release(lease);
  const before = asked;
  await new Promise((resolve) => setTimeout(resolve, heartbeat.everyMs * 3));
  expect(asked).toBe(before);
});

test("six questions without an answer end the instance; what runs in it fails", async () => {
  let asked = 0;
  const forever = new Promise(() => undefined);
  const hang = (): Promise<unknown> => {
    asked += 1;
    return forever;
  };
  await using bench = fakeBench({ heartbeat: hang, handler: () => forever }, { heartbeat });
  const lease = await bench.scheduler.acquire(java);
  let lost = "";
  lease.onLost((reason) => (lost = reason));
  const answer = await invoke(lease);
  expect(answer.failure).toBe("heartbeat");
  expect(JSON.parse(answer.text)).toEqual({
    errorMessage: "the heartbeat method gave no answer within 30 ms, 6 times in a row",
    errorType: "HeartbeatError",
    stackTrace: [],
  });
  expect(lost).toContain("no answer");
  expect(asked).toBe(6);
  await until(() => bench.scheduler.instances().length === 0, "the instance is gone");
});

test("answers in between start the count anew", async () => {
  let asked = 0;
  const forever = new Promise(() => undefined);
  const knobs = { heartbeat: () => (++asked % 6 === 0 ? undefined : forever), handler: () => "fine" };
  await using bench = fakeBench(knobs, { heartbeat: { ...heartbeat, everyMs: 10, timeoutMs: 5 } });
  const lease = await bench.scheduler.acquire(java);
  await until(() => asked >= 20, "twenty questions");
  expect(await invoke(lease)).toMatchObject({ failure: undefined });
});

test("the answer that the code is not well ends the instance at once, with its words", async () => {
  const knobs = {
    heartbeat: () => {
      throw new Error("the pool is empty");
    },
    handler: () => new Promise(() => undefined),
  };
  await using bench = fakeBench(knobs, { heartbeat });
  const lease = await bench.scheduler.acquire(java);
  const answer = await invoke(lease);
  expect(answer.failure).toBe("heartbeat");
  expect(answer.text).toContain("the pool is empty");
});

test("a reserved instance that is sick before its first call is replaced", async () => {
  const forever = new Promise(() => undefined);
  const ids: string[] = [];
  const knobs = {
    load: ({ instanceId }: { instanceId: string }) => void ids.push(instanceId),
    heartbeat: ({ instanceId }: { instanceId: string }) => (instanceId === ids[0] ? forever : undefined),
    handler: () => "fine",
  };
  await using bench = fakeBench(knobs, { heartbeat });
  bench.scheduler.reserve(java, { count: 1, idleMode: false });
  await until(() => ids.length === 2 && bench.scheduler.ready(java), "another one");
  const lease = await bench.scheduler.acquire(java);
  expect(lease.instanceId).toBe(ids[1]);
  expect(await invoke(lease)).toMatchObject({ failure: undefined, text: "fine" });
});

test("functions without a heartbeat method are not asked", async () => {
  let asked = 0;
  await using bench = fakeBench({ heartbeat: () => void asked++ }, { heartbeat });
  await bench.scheduler.acquire(target());
  await new Promise((resolve) => setTimeout(resolve, heartbeat.everyMs * 3));
  expect(asked).toBe(0);
});
