import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";
import type { Store } from "../../platform/store/store.ts";
import type { TimerFire } from "../../platform/store/triggers.ts";
import { DueHeap } from "../../platform/triggers/due-heap.ts";
import { timerEvent } from "../../platform/triggers/timer-event.ts";
import { Timers } from "../../platform/triggers/timers.ts";
import { createFunction, createTimer, HELLO, temporaryStore, until } from "./support.ts";

interface Fired {
  readonly requests: NewAsyncRequest[];
}

/** Timers over a real store, with everything they fire on record. */
function timers(store: Store, more: { now?: () => number; timeZone?: string } = {}): Timers & Fired {
  const requests: Fired["requests"] = [];
  const queue = {
    accept(batch: readonly NewAsyncRequest[], fires: readonly TimerFire[]): Promise<void> | undefined {
      const accepted = store.asyncRequests.accept(batch, fires);
      requests.push(...batch);
      return accepted;
    },
  };
  return Object.assign(new Timers({ store, queue, timeZone: more.timeZone ?? "UTC", ...more }), { requests });
}

function times(fired: Fired): string[] {
  return fired.requests.map((one) => (JSON.parse(one.event.toString()) as { time: string }).time);
}

test("the event is the guide's", () => {
  const data = { name: "Timer_a", schedule_type: "Rate", schedule: "3m", user_event: "extra text" } as const;
  expect(JSON.parse(timerEvent(data, Date.UTC(2024, 0, 2, 0, 30), "Asia/Shanghai").toString())).toEqual({
    version: "v1.0",
    time: "2024-01-02T08:30:00+08:00",
    trigger_type: "TIMER",
    trigger_name: "Timer_a",
    user_event: "extra text",
  });
  expect(timerEvent(data, Date.UTC(2024, 0, 2), "America/St_Johns").toString()).toContain(
    "2024-01-01T20:30:00-03:30",
  );
});

test("an active timer fires again and again for its qualifier; a disabled one never", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  createTimer(store, "@every 100ms", { qualifier: "!prod" });
  createTimer(store, "@every 100ms", { status: "DISABLED", qualifier: "v1" });
  const running = timers(store);
  await running.start();
  await until(() => running.requests.length === 3);
  running.close();
  expect(new Set(running.requests.map((one) => one.qualifier))).toEqual(new Set(["!prod"]));
  expect(new Set(times(running)).size).toBeGreaterThanOrEqual(1);
  expect(store.asyncRequests.count("waiting")).toBe(3);
});

test("triggers made, disabled, enabled and deleted while it runs are followed", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  const running = timers(store);
  await running.start();
  const trigger = createTimer(store, "@every 100ms");
  await until(() => running.requests.length > 0);
  store.triggers.update(trigger.id, { ...trigger.spec, status: "DISABLED" });
  const stopped = running.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(running.requests.length).toBe(stopped);
  store.triggers.update(trigger.id, { ...trigger.spec, status: "ACTIVE" });
  await until(() => running.requests.length > stopped);
  store.functions.delete(HELLO);
  const last = running.requests.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(running.requests.length).toBe(last);
  running.close();
});

describe("clocks and restarts", () => {
  const HOUR = 3_600_000;

  test("a timer missed while the platform was down fires once, for the earliest missed time", async () => {
    await using store = await temporaryStore();
    createFunction(store);
    createTimer(store, "0 0 * * * ?");
    const next = Math.ceil((Date.now() + 1) / HOUR) * HOUR;
    const later = next + 5.5 * HOUR;
    const running = timers(store, { now: () => later });
    await running.start();
    running.close();
    expect(times(running)).toEqual([`${new Date(next).toISOString().slice(0, 19)}+00:00`]);
    const again = timers(await store.reopen(), { now: () => later + 1000 });
    await again.start();
    again.close();
    expect(again.requests).toEqual([]);
    const onSchedule = timers(await store.reopen(), { now: () => next + 6 * HOUR });
    await onSchedule.start();
    onSchedule.close();
    expect(times(onSchedule)).toEqual([`${new Date(next + 6 * HOUR).toISOString().slice(0, 19)}+00:00`]);
  });

  test("an interval keeps its beat over a restart", async () => {
    await using store = await temporaryStore();
    createFunction(store);
    const { modifiedAt } = createTimer(store, "1h", { type: "Rate" });
    const running = timers(store, { now: () => modifiedAt + 2.5 * HOUR });
    await running.start();
    running.close();
    expect(running.requests.length).toBe(1);
    const early = timers(await store.reopen(), { now: () => modifiedAt + 3 * HOUR - 1 });
    await early.start();
    early.close();
    expect(early.requests).toEqual([]);
    const due = timers(await store.reopen(), { now: () => modifiedAt + 3 * HOUR });
    await due.start();
    due.close();
    expect(due.requests.length).toBe(1);
  });

  test("a clock set back an hour does not stop an interval", async () => {
    await using store = await temporaryStore();
    createFunction(store);
    let shift = HOUR;
    createTimer(store, "@every 200ms");
    const running = timers(store, { now: () => Date.now() + shift });
    await running.start();
    await until(() => running.requests.length >= 2);
    shift = 0;
    const before = running.requests.length;
    await until(() => running.requests.length > before + 1);
    running.close();
  });
});

describe("of several processes", () => {
  test("one that gave the lead away before it knew what had fired fires nothing, and starts again with the lead", async () => {
    await using store = await temporaryStore();
    createFunction(store);
    createTimer(store, "@every 100ms");
    const asked: PromiseWithResolvers<Map<string, number>>[] = [];
    let refusals = 1;
    const lastFires = (): Promise<Map<string, number>> => {
      if (refusals-- === 0) return Promise.reject(new Error("away"));
      asked.push(Promise.withResolvers());
      return asked.at(-1)?.promise ?? Promise.reject(new Error("nobody asks"));
    };
    let fired = 0;
    let listeners = 0;
    const running = new Timers({
      store: {
        triggers: store.triggers,
        asyncRequests: { lastFires },
        onChange: () => void listeners++,
      },
      queue: { accept: (requests) => void (fired += requests.length) },
      timeZone: "UTC",
      warn: () => undefined,
    });
    const first = running.start();
    running.close();
    asked[0]?.resolve(new Map());
    await first;
    expect([...running.upcoming(1000)]).toEqual([]);
    await running.start(); // refused, and asked again
    await until(() => asked.length === 2);
    expect(fired).toBe(0);
    asked[1]?.resolve(new Map());
    await until(() => fired > 1);
    expect(listeners).toBe(1);
    running.close();
    expect([...running.upcoming(1000)]).toEqual([]);
  });

  test("one that does not fire knows when another one will", async () => {
    await using store = await temporaryStore();
    createFunction(store);
    createTimer(store, "1h", { type: "Rate" });
    const knowing = new Timers({ store, timeZone: "UTC", now: () => Date.now() + 59 * 60_000 });
    await knowing.start();
    const upcoming = (ms: number): string[] => [...knowing.upcoming(ms)].map((one) => one.key.name);
    expect([upcoming(30_000), upcoming(61_000)]).toEqual([[], ["hello"]]);
    createTimer(store, "@every 100ms");
    for (
      const seen = new Set<string>();
      seen.size < 3;
      await new Promise((resolve) => setTimeout(resolve, 20))
    )
      for (const { key } of knowing.upcoming(100)) seen.add(`${key.name} ${Math.floor(Date.now() / 100)}`);
    expect(store.asyncRequests.count("waiting")).toBe(0);
    knowing.close();
  });
});

test("ten thousand timers fire in one commit", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  for (let number = 0; number < 300; number++) createTimer(store, "1h", { type: "Rate" });
  const records = store.triggers.all();
  const many = Array.from({ length: 10_000 }, (_, number) => ({
    ...(records[number % 300] ?? records[0]),
    id: String(number),
  })) as typeof records;
  let commits = 0;
  let events = 0;
  const queue = {
    accept(batch: readonly unknown[]): undefined {
      commits += 1;
      events += batch.length;
    },
  };
  const triggers = {
    ...store.triggers,
    all: () => many,
    list: () => [],
  };
  const asyncRequests = { lastFires: () => new Map<string, number>() };
  const running = new Timers({
    store: { triggers, asyncRequests, onChange: () => undefined },
    queue,
    timeZone: "UTC",
    now: () => Date.now() + 90 * 60_000,
  });
  await running.start();
  running.close();
  expect([commits, events]).toEqual([1, 10_000]);
});

test("the heap gives back the earliest first", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 })), fc.integer({ min: 0, max: 50 }), (dues, least) => {
      const heap = new DueHeap<{ due: number }>();
      for (const due of dues) heap.push({ due });
      heap.retain((item) => item.due >= least);
      const out: number[] = [];
      for (let item = heap.pop(); item !== undefined; item = heap.pop()) out.push(item.due);
      expect(out).toEqual(dues.filter((due) => due >= least).sort((a, b) => a - b));
      expect(heap.size).toBe(0);
    }),
  );
});
