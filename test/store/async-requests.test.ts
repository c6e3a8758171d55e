import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { Store } from "../../platform/store/store.ts";
import { CUT_RUNS, SPREAD_MS } from "../../platform/store/cut-runs.ts";
import { keyText } from "../../platform/store/function-key.ts";
import { STORES } from "../triggers/stores.ts";
import { until, type TemporaryStore } from "../triggers/support.ts";
import { KEY } from "./fixtures.ts";

const DEMO = keyText(KEY);
/** The latest time (epoch ms) that a step of a random order takes requests for, and one after all of them. */
const SOON = 12;
const LATER = Infinity;

describe.each(STORES)("over $kind", ({ kind, open }) => {
  test("requests come back whole, oldest first, and not before they are due", async () => {
    await using store = await open();
    const { asyncRequests } = store;
    const event = Buffer.from([0, 255, 1, 2]);
    const key = { projectId: "p1", package: "a/b", name: "demo" };
    await asyncRequests.accept([
      { id: "late", key, qualifier: "!prod", event, acceptedAt: 5, dueAt: 30 },
      { id: "second", key, qualifier: "v1", event, acceptedAt: 6, dueAt: 20 },
      { id: "first", key, qualifier: "latest", event, acceptedAt: 7, dueAt: 10 },
    ]);
    expect(asyncRequests.nextDue("p1/a/b/demo")).toBe(10);
    expect(asyncRequests.backlog()).toEqual([{ functionKey: "p1/a/b/demo", due: 10 }]);
    const taken = await asyncRequests.take("p1/a/b/demo", 20, 10);
    expect(taken.map((one) => one.id)).toEqual(["first", "second"]);
    expect(taken[1]).toEqual({
      id: "second",
      key,
      qualifier: "v1",
      event,
      attempts: 1,
      cuts: 0,
      hops: 0,
      acceptedAt: 6,
      dueAt: 20,
    });
    expect(asyncRequests.nextDue("p1/a/b/demo")).toBe(30);
  });

  test("an outcome that comes twice, or for a request that is not running, changes nothing", async () => {
    await using store = await open();
    const { asyncRequests } = store;
    await asyncRequests.accept([request("a", 1)]);
    await asyncRequests.finish([{ id: "a", status: "failed" }]);
    await until(() => asyncRequests.count("waiting") === 1);
    await asyncRequests.take(DEMO, 1, 1);
    await asyncRequests.finish([{ id: "a", status: "success" }]);
    await asyncRequests.finish([{ id: "a", status: "retry", dueAt: 1 }]);
    expect(await asyncRequests.take(DEMO, 9, 9)).toEqual([]);
    await until(() => asyncRequests.count("success") === 1);
  });

  test("an end and what follows from it are kept together or not at all", async () => {
    await using first = await open();
    const { asyncRequests } = first;
    await asyncRequests.accept([{ ...request("a", 1), started: true }]);
    const broken = { ...request("b", 1), qualifier: null as unknown as string };
    const write = async (): Promise<void> => asyncRequests.finish([{ id: "a", status: "success" }], [broken]);
    await expect(write()).rejects.toThrow();
    const next = (await first.reopen()).asyncRequests;
    await next.recover();
    await until(() => next.count("waiting") === 1);
    expect([next.count("running"), next.count("success")]).toEqual([0, 0]);
  });

  test("a run that its process did not live to end is counted as cut; one that ended, or waits, is not", async () => {
    await using first = await open();
    await first.asyncRequests.accept([
      { ...request("ends", 1), started: true },
      { ...request("fails", 1), started: true },
      { ...request("cut", 1), started: true },
      request("waits", 1),
    ]);
    await first.asyncRequests.finish([
      { id: "ends", status: "success" },
      { id: "fails", status: "retry", dueAt: 1 },
    ]);
    const next = (await first.reopen()).asyncRequests;
    await next.recover();
    await next.recover();
    const taken = await next.take(DEMO, 1, 9);
    expect(Object.fromEntries(taken.map(({ id, attempts, cuts }) => [id, [attempts, cuts]]))).toEqual({
      cut: [2, 1],
      fails: [2, 0],
      waits: [1, 0],
    });
  });

  test("what is cut again and again comes back apart from what was cut with it, in the end at once", async () => {
    await using first = await open();
    const ids = Array.from({ length: 40 }, (_, number) => `r${number}`);
    await first.asyncRequests.accept(ids.map((id) => ({ ...request(id, 1), started: true })));
    for (let cuts = 1; cuts <= CUT_RUNS; cuts++) {
      const before = Date.now();
      const { asyncRequests } = await first.reopen();
      await asyncRequests.recover();
      const after = Date.now();
      const taken = await asyncRequests.take(DEMO, Number.MAX_SAFE_INTEGER, 99);
      expect(taken.map((one) => one.cuts)).toEqual(ids.map(() => cuts));
      const spread = SPREAD_MS * 2 ** (cuts - 2);
      const due = taken.map(({ dueAt }) => dueAt);
      const [earliest, latest] = [Math.min(...due), Math.max(...due)];
      if (cuts === 1) expect([earliest, latest]).toEqual([1, 1]);
      else expect(earliest).toBeGreaterThanOrEqual(before);
      if (cuts === CUT_RUNS) expect(latest).toBeLessThanOrEqual(after);
      else if (cuts > 1) {
        expect(latest).toBeLessThan(after + spread);
        expect(latest - earliest).toBeGreaterThan(spread / 2);
      }
    }
  });

  test("what is put back by its redrive has been cut never", async () => {
    await using first = await open();
    await first.asyncRequests.accept([{ ...request("a", 1), started: true }]);
    const { asyncRequests } = await first.reopen();
    await asyncRequests.recover();
    await asyncRequests.take(DEMO, 1, 1);
    await asyncRequests.finish([{ id: "a", status: "failed" }]);
    await asyncRequests.dead.redrive({ projectId: KEY.projectId }, Date.now(), 9);
    expect(await asyncRequests.take(DEMO, Date.now(), 1)).toMatchObject([{ attempts: 1, cuts: 0 }]);
  });

  test("what was cancelled while it waited is gone from the queue, after a restart too", async () => {
    await using first = await open();
    await first.asyncRequests.accept([request("a", 1), request("b", 1)]);
    expect(await first.asyncRequests.discard(KEY, "a", 4208, "cancelled")).toBe(true);
    const next = (await first.reopen()).asyncRequests;
    await next.recover();
    const taken = await next.take(DEMO, 9, 9);
    expect(taken.map(({ id }) => id)).toEqual(["b"]);
    const { requests } = await next.dead.list({ projectId: KEY.projectId, id: "a" }, { offset: 0, limit: 9 });
    expect(requests).toMatchObject([{ id: "a", status: "discarded", errorCode: 4208 }]);
  });

  test(
    "no request is lost or doubled by any order of accept, take, finish, retry and restart",
    { timeout: 90_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps, { maxLength: 20, size: "max" }), async (program) => {
          await using first = await open();
          let store: Store = first;
          const model = new Model();
          for (const step of program) {
            store = step === RESTART ? await restart(model, first) : store;
            await step.run(model, store);
            await until(() => isAs(model, store));
          }
        }),
        { numRuns: kind === "SQLite" ? 20 : 4 },
      );
    },
  );
});

/** What the queue must hold, kept beside the real one. */
class Model {
  readonly waiting = new Map<string, number>();
  readonly running = new Map<string, number>();
  readonly attempts = new Map<string, number>();
  readonly cuts = new Map<string, number>();
  ended = 0;
  next = 0;
}

interface Step {
  run(model: Model, store: Store): Promise<void>;
}

/** The process ends, and another one begins. */
const RESTART: Step = { run: async () => undefined };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ count: fc.integer({ min: 1, max: 5 }), dueAt: fc.integer({ min: 0, max: 9 }) }).map(accept),
  fc.record({ now: fc.integer({ min: 0, max: SOON }), count: fc.integer({ min: 1, max: 6 }) }).map(take),
  fc
    .record({ ways: fc.array(fc.constantFrom("success", "failed", "retry"), { minLength: 1, maxLength: 5 }) })
    .map(finish),
  fc.constant(RESTART),
);

function accept({ count, dueAt }: { count: number; dueAt: number }): Step {
  return {
    async run(model, store) {
      const ids = Array.from({ length: count }, () => `r${model.next++}`);
      await store.asyncRequests.accept(ids.map((id) => request(id, dueAt)));
      for (const id of ids) model.waiting.set(id, dueAt);
    },
  };
}

function take({ now, count }: { now: number; count: number }): Step {
  return {
    async run(model, store) {
      const due = [...model.waiting].filter(([, dueAt]) => dueAt <= now);
      const taken = await store.asyncRequests.take(DEMO, now, count);
      expect(taken).toHaveLength(Math.min(count, due.length));
      for (const one of taken) {
        expect(model.waiting.delete(one.id)).toBe(true);
        model.running.set(one.id, one.dueAt);
        model.attempts.set(one.id, (model.attempts.get(one.id) ?? 0) + 1);
        expect(one.attempts).toBe(model.attempts.get(one.id));
        expect(one.cuts).toBe(model.cuts.get(one.id) ?? 0);
        expect(one.event.toString()).toBe(one.id);
      }
    },
  };
}

function finish({ ways }: { ways: ("success" | "failed" | "retry")[] }): Step {
  return {
    async run(model, store) {
      const ids = [...model.running.keys()].slice(0, ways.length);
      const outcomes = ids.map((id, index) => ({ id, status: ways[index] ?? "success", dueAt: 3 }));
      await store.asyncRequests.finish(outcomes);
      for (const { id, status } of outcomes) {
        model.running.delete(id);
        if (status === "retry") model.waiting.set(id, 3);
        else model.ended++;
      }
    },
  };
}

/** What ran in the process that ended waits again; after a second time for longer than any of the steps looks ahead. */
async function restart(model: Model, old: TemporaryStore): Promise<Store> {
  const store = await old.reopen();
  await store.asyncRequests.recover();
  for (const [id, dueAt] of model.running) {
    const cuts = (model.cuts.get(id) ?? 0) + 1;
    model.cuts.set(id, cuts);
    model.waiting.set(id, cuts === 1 ? dueAt : LATER);
  }
  model.running.clear();
  return store;
}

function isAs(model: Model, { asyncRequests }: Store): boolean {
  const counts = (["waiting", "running", "success", "failed"] as const).map((status) =>
    asyncRequests.count(status),
  );
  const [waiting, running, success = 0, failed = 0] = counts;
  const due = model.waiting.size === 0 ? undefined : Math.min(...model.waiting.values());
  const next = asyncRequests.nextDue(DEMO);
  return (
    waiting === model.waiting.size &&
    running === model.running.size &&
    success + failed === model.ended &&
    (due === LATER ? next !== undefined && next > SOON : next === due)
  );
}

function request(id: string, dueAt: number) {
  return { id, key: KEY, qualifier: "latest", event: Buffer.from(id), acceptedAt: 1, dueAt };
}
