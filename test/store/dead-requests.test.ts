import { describe, expect, test, vi } from "vitest";
import type { AsyncOutcome } from "../../platform/store/async-requests.ts";
import { keyText, type FunctionKey } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";
import { STORES } from "../triggers/stores.ts";
import { KEY } from "./fixtures.ts";

const OTHER = { ...KEY, name: "other" };
/** Its id begins as that of the first project. */
const NEIGHBOUR = { ...KEY, projectId: `${KEY.projectId}0` };
const FIRST = { offset: 0, limit: 100 };

/** Requests that ended as the outcome says. */
async function end(
  store: Store,
  key: FunctionKey,
  ids: readonly string[],
  outcome: Omit<AsyncOutcome, "id">,
): Promise<void> {
  const event = Buffer.from("event");
  await store.asyncRequests.accept(
    ids.map((id) => ({
      id,
      key,
      qualifier: "latest",
      event,
      acceptedAt: 1,
      dueAt: 1,
      memoryMb: 256,
      started: true,
    })),
  );
  await store.asyncRequests.finish(ids.map((id) => ({ id, ...outcome })));
}

async function idsOf(
  store: Store,
  query: Parameters<Store["asyncRequests"]["dead"]["list"]>[0],
): Promise<string[]> {
  const { requests } = await store.asyncRequests.dead.list(query, FIRST);
  return requests.map(({ id }) => id);
}

describe.each(STORES)("over $kind", ({ open }) => {
  test("what failed or grew too old is kept with its event, per project and function, and survives a restart", async () => {
    await using first = await open();
    let store: Store = first;
    await end(store, KEY, ["a"], { status: "failed", errorCode: 4002, errorMessage: "boom" });
    await end(store, KEY, ["b"], { status: "discarded", errorCode: 4010, errorMessage: "old" });
    await end(store, KEY, ["good"], { status: "success", errorCode: 0 });
    await end(store, OTHER, ["c"], { status: "failed", errorCode: 4002 });
    await end(store, NEIGHBOUR, ["d"], { status: "failed", errorCode: 4002 });
    store = await first.reopen();
    const { projectId } = KEY;
    expect(await idsOf(store, { projectId })).toEqual(["c", "b", "a"]);
    expect(await idsOf(store, { projectId, key: KEY })).toEqual(["b", "a"]);
    expect(await idsOf(store, { projectId, key: KEY, id: "a" })).toEqual(["a"]);
    expect(await idsOf(store, { projectId: NEIGHBOUR.projectId })).toEqual(["d"]);
    const { requests, count } = await store.asyncRequests.dead.list(
      { projectId, key: KEY },
      { offset: 1, limit: 1 },
    );
    expect(count).toBe(2);
    expect(requests).toMatchObject([
      { id: "a", key: KEY, status: "failed", attempts: 1, errorCode: 4002, errorMessage: "boom", size: 5 },
    ]);
    expect(
      ["success", "failed", "discarded"].map((one) => store.asyncRequests.count(one as "failed")),
    ).toEqual([1, 3, 1]);
  });

  test("redriven requests wait again as new ones; cancelled ones only by their id; new deaths stay", async () => {
    await using store = await open();
    const { asyncRequests } = store;
    const { projectId } = KEY;
    await end(store, KEY, ["a", "b"], { status: "failed", errorCode: 4002 });
    await end(store, KEY, ["c"], { status: "failed", errorCode: 4208 });
    const before = Date.now();
    expect((await asyncRequests.dead.redrive({ projectId, key: KEY }, before - 60_000, 10)).count).toBe(0);
    expect(await asyncRequests.dead.redrive({ projectId, key: KEY }, before, 1)).toEqual({
      functionKeys: [keyText(KEY)],
      count: 1,
    });
    expect((await asyncRequests.dead.redrive({ projectId, key: KEY }, before, 10)).count).toBe(1);
    expect(await idsOf(store, { projectId })).toEqual(["c"]);
    expect(asyncRequests.waitingOf(keyText(KEY))).toBe(2);
    const taken = await asyncRequests.take(keyText(KEY), Date.now(), 10);
    expect(
      taken.map(({ id, attempts, memoryMb, event }) => [id, attempts, memoryMb, event.toString()]),
    ).toEqual([
      ["a", 1, 256, "event"],
      ["b", 1, 256, "event"],
    ]);
    expect(taken[0]?.acceptedAt).toBeGreaterThanOrEqual(before);
    expect((await asyncRequests.dead.redrive({ projectId, id: "c" }, Date.now(), 10)).count).toBe(1);
    expect(asyncRequests.count("waiting")).toBe(1);
  });

  test("purged requests are gone, and with a function all that is kept of its requests", async () => {
    await using store = await open();
    const { projectId } = KEY;
    await end(store, KEY, ["a", "b"], { status: "failed" });
    await end(store, OTHER, ["c"], { status: "failed" });
    await end(store, NEIGHBOUR, ["d"], { status: "failed" });
    expect(await store.asyncRequests.dead.purge({ projectId, id: "a" })).toBe(1);
    expect(await store.asyncRequests.dead.purge({ projectId, key: OTHER })).toBe(1);
    expect(await idsOf(store, { projectId })).toEqual(["b"]);
    expect(await store.asyncRequests.dead.purge({ projectId })).toBe(1);
    expect(await idsOf(store, { projectId: NEIGHBOUR.projectId })).toEqual(["d"]);
  });

  test("of each function the newest ten thousand are kept; one function pushes out no other's", async () => {
    await using store = await open();
    await end(store, OTHER, ["kept"], { status: "failed" });
    const many = Array.from({ length: 10_020 }, (_, at) => `r${at}`);
    for (let at = 0; at < many.length; at += 2004)
      await end(store, KEY, many.slice(at, at + 2004), { status: "failed" });
    const list = () => store.asyncRequests.dead.list({ projectId: KEY.projectId, key: KEY }, FIRST);
    // The last of them are forgotten beside what is written next.
    while ((await list()).count > 10_000) await new Promise((resolve) => setTimeout(resolve, 5));
    const { requests, count } = await list();
    expect(count).toBe(10_000);
    expect(requests[0]?.id).toBe("r10019");
    expect(await idsOf(store, { projectId: KEY.projectId, key: KEY, id: "r19" })).toEqual([]);
    expect(await idsOf(store, { projectId: KEY.projectId, key: OTHER })).toEqual(["kept"]);
  });

  test("they are kept for two weeks, and go by no clock that jumps", async () => {
    await using store = await open();
    const [hour, day] = [3_600_000, 86_400_000];
    const list = (): Promise<string[]> => idsOf(store, { projectId: KEY.projectId });
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    try {
      const now = Date.now();
      vi.setSystemTime(now - 15 * day);
      await end(store, KEY, ["old"], { status: "failed", errorCode: 4002 });
      vi.setSystemTime(now - 13 * day);
      await end(store, OTHER, ["young"], { status: "failed", errorCode: 4002 });
      for (const clock of [now + 30 * day, now]) {
        vi.setSystemTime(clock);
        vi.advanceTimersByTime(hour);
        await end(store, OTHER, [`at ${clock}`], { status: "success", errorCode: 0, recorded: true });
        await vi.waitFor(async () => expect(await list()).toContain("young"));
      }
      // Each hour takes a day at most of what is too old.
      for (let hours = 0; hours < 16; hours++) {
        vi.advanceTimersByTime(hour);
        await end(store, OTHER, [`hour ${hours}`], { status: "success", errorCode: 0, recorded: true });
      }
      await vi.waitFor(async () => expect(await list()).toEqual(["young"]), 20_000);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a success leaves a record only where it is wanted", async () => {
    await using store = await open();
    await end(store, KEY, ["silent"], { status: "success", errorCode: 0 });
    await end(store, KEY, ["told"], { status: "success", errorCode: 0, recorded: true });
    const query = { from: 0, to: Number.MAX_SAFE_INTEGER, offset: 0, limit: 10 };
    const statuses = ["waiting", "running", "success", "failed", "discarded"] as const;
    const page = await store.asyncRequests.records(KEY, { ...query, statuses });
    expect(page.records).toMatchObject([{ id: "told", status: "success", errorCode: 0 }]);
    expect(page.count).toBe(1);
  });

  test("records are found by each status alone", async () => {
    await using store = await open();
    const { asyncRequests } = store;
    await end(store, KEY, ["told"], { status: "success", errorCode: 0, recorded: true });
    await end(store, KEY, ["broken"], { status: "failed", errorCode: 4002 });
    await end(store, KEY, ["old"], { status: "discarded", errorCode: 4010 });
    const waits = { key: KEY, qualifier: "latest", event: Buffer.from("event"), acceptedAt: 1, dueAt: 1 };
    await asyncRequests.accept([
      { id: "waits", ...waits },
      { id: "runs", ...waits, started: true },
    ]);
    const query = { from: 0, to: Number.MAX_SAFE_INTEGER, offset: 0, limit: 10 };
    const statuses = {
      success: "told",
      failed: "broken",
      discarded: "old",
      waiting: "waits",
      running: "runs",
    };
    for (const [status, id] of Object.entries(statuses)) {
      const page = await asyncRequests.records(KEY, { ...query, statuses: [status as "failed"] });
      expect([page.count, page.records.map((one) => [one.id, one.status])]).toEqual([1, [[id, status]]]);
    }
  });
});
