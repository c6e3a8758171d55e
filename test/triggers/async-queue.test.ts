import { describe, expect, test } from "vitest";
import type { Invocation, Invoker, Outcome } from "../../platform/gateway/invoker.ts";
import { keyText } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { STORES } from "./stores.ts";
import { createFunction, HELLO, request, temporaryStore, until } from "./support.ts";

const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
const FAILED: Outcome = { failure: "code", code: 4002, payload: Buffer.from("boom"), durationMs: 1 };
const OVERLOAD: Outcome = { failure: "overload", code: 150430, payload: Buffer.alloc(0), durationMs: 0 };

/** Answers as it is told and remembers what it was asked. */
function invoker(
  answer: (invocation: Invocation) => Outcome | Promise<Outcome>,
): Invoker & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async invoke(invocation) {
      asked.push(`${invocation.key.name}/${invocation.requestId}`);
      return answer(invocation);
    },
    cancel: () => undefined,
  };
}

function counts(store: Pick<Store, "asyncRequests">): number[] {
  return (["waiting", "running", "success", "failed"] as const).map((status) =>
    store.asyncRequests.count(status),
  );
}

describe.each(STORES)("over $kind", ({ open }) => {
  test("runs what was accepted, in order, and remembers success", async () => {
    await using store = await open();
    createFunction(store);
    const run = invoker(() => SUCCESS);
    const queue = new DurableQueue({ store, invoker: run });
    await queue.accept([request("before-start")]);
    await queue.start();
    await queue.accept([request("a"), request("b")]);
    await until(() => store.asyncRequests.count("success") === 3);
    expect(run.asked).toEqual(["hello/before-start", "hello/a", "hello/b"]);
    await queue.close(1000);
  });

  test("a failure is tried again once by default, then it is failed with its code", async () => {
    await using store = await open();
    createFunction(store);
    const run = invoker(() => FAILED);
    const queue = new DurableQueue({ store, invoker: run, retryMs: 1 });
    await queue.start();
    await queue.accept([request("a")]);
    await until(() => store.asyncRequests.count("failed") === 1);
    expect(run.asked.length).toBe(2);
    await queue.close(1000);
  });

  test.each([
    [0, 1],
    [3, 4],
  ])("the function's own number of retries counts: %i retries, %i runs", async (maxRetries, runs) => {
    await using store = await open();
    createFunction(store);
    store.asyncConfigs.put(HELLO, "latest", { maxRetries, maxAgeSeconds: 3600, statusLog: false });
    const run = invoker(() => FAILED);
    const queue = new DurableQueue({ store, invoker: run, retryMs: 1 });
    await queue.start();
    await queue.accept([request("a")]);
    await until(() => store.asyncRequests.count("failed") === 1);
    expect(run.asked.length).toBe(runs);
    await queue.close(1000);
  });

  test("an overload is no attempt: the request waits and runs when there is room", async () => {
    await using store = await open();
    createFunction(store);
    store.asyncConfigs.put(HELLO, "latest", { maxRetries: 0, maxAgeSeconds: 3600, statusLog: false });
    let full = true;
    const run = invoker(() => (full ? OVERLOAD : SUCCESS));
    const queue = new DurableQueue({ store, invoker: run });
    await queue.start();
    await queue.accept([request("a")]);
    await until(() => run.asked.length === 2);
    full = false;
    await until(() => store.asyncRequests.count("success") === 1);
    await queue.close(1000);
  });

  test("a request older than its maximum age is not run", async () => {
    await using store = await open();
    createFunction(store);
    store.asyncConfigs.put(HELLO, "latest", { maxRetries: 0, maxAgeSeconds: 1, statusLog: false });
    const run = invoker(() => SUCCESS);
    const queue = new DurableQueue({ store, invoker: run });
    await queue.accept([{ ...request("old"), acceptedAt: Date.now() - 2000 }]);
    await queue.start();
    await until(() => store.asyncRequests.count("discarded") === 1);
    expect(run.asked).toEqual([]);
    await queue.close(1000);
  });

  test("missing functions are not tried again", async () => {
    await using store = await open();
    createFunction(store);
    const run = invoker(() => ({ failure: "missing", code: 4024, payload: Buffer.alloc(0), durationMs: 0 }));
    const queue = new DurableQueue({ store, invoker: run, retryMs: 1 });
    await queue.start();
    await queue.accept([request("a")]);
    await until(() => store.asyncRequests.count("failed") === 1);
    expect(run.asked.length).toBe(1);
    await queue.close(1000);
  });

  test("functions take turns: one request runs soon behind a long queue of another function", async () => {
    await using store = await open();
    const other = { ...HELLO, name: "other" };
    createFunction(store);
    createFunction(store, other);
    const run = invoker(async () => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return SUCCESS;
    });
    const queue = new DurableQueue({ store, invoker: run, running: 4, runningPerFunction: 3 });
    await queue.accept(Array.from({ length: 300 }, (_, number) => request(`a${String(number)}`)));
    await queue.accept([request("b", other)]);
    await queue.start();
    await until(() => run.asked.includes("other/b"));
    expect(run.asked.length).toBeLessThan(20);
    await until(() => store.asyncRequests.count("success") === 301);
    await queue.close(1000);
  });

  test("never runs more at once than it may", async () => {
    await using store = await open();
    createFunction(store);
    let now = 0;
    let most = 0;
    const run = invoker(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return SUCCESS;
    });
    const queue = new DurableQueue({ store, invoker: run, running: 8, runningPerFunction: 5 });
    await queue.accept(Array.from({ length: 200 }, (_, number) => request(String(number))));
    await queue.start();
    await until(() => store.asyncRequests.count("success") === 200);
    expect(most).toBe(5);
    await queue.close(1000);
  });

  test("close waits for what runs; what it cannot wait for runs again after the next start", async () => {
    await using store = await open();
    createFunction(store);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const run = invoker(({ requestId }) => (requestId === "hangs" ? promise : SUCCESS));
    const queue = new DurableQueue({ store, invoker: run });
    await queue.start();
    await queue.accept([request("quick"), request("hangs")]);
    await until(() => run.asked.length === 2);
    await queue.close(20);
    expect(counts(store)).toEqual([1, 0, 1, 0]);
    // An end that comes now is not written.
    resolve(SUCCESS);
    const again = invoker(() => SUCCESS);
    const next = new DurableQueue({ store: await store.reopen(), invoker: again });
    await next.start();
    await until(() => again.asked.length === 1);
    expect(again.asked).toEqual(["hello/hangs"]);
    await next.close(1000);
  });

  test("what a queue hands back when it closes was not cut off, and its run counts as one", async () => {
    await using store = await open();
    createFunction(store);
    store.asyncConfigs.put(HELLO, "latest", {
      maxRetries: 0,
      maxAgeSeconds: 60,
      statusLog: false,
      onFailure: { kind: "function", key: HELLO, qualifier: "latest", param: "" },
    });
    const slow = Promise.withResolvers<Outcome>();
    const queue = new DurableQueue({ store, invoker: invoker(() => slow.promise) });
    await queue.start();
    await queue.accept([request("slow")]);
    await queue.close(1);
    // Its failure comes too late to be told.
    slow.resolve(FAILED);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    const { asyncRequests } = await store.reopen();
    await asyncRequests.recover();
    await until(() => asyncRequests.count("waiting") === 1);
    const taken = await asyncRequests.take(keyText(HELLO), Date.now(), 9);
    expect(taken).toMatchObject([{ id: "slow", attempts: 2, cuts: 0 }]);
  });

  test("ends that the store refuses are kept and written later", async () => {
    await using store = await open();
    createFunction(store);
    let refuse = true;
    const { asyncRequests } = store;
    const full = Object.create(asyncRequests) as typeof asyncRequests;
    full.finish = (ends) => {
      if (refuse) throw new Error("disk is full.");
      return asyncRequests.finish(ends);
    };
    for (const method of [
      "accept",
      "take",
      "backlog",
      "waitingOf",
      "nextDue",
      "recover",
      "count",
      "follow",
    ] as const)
      Object.assign(full, { [method]: asyncRequests[method].bind(asyncRequests) });
    const told: string[] = [];
    const run = invoker(() => SUCCESS);
    const queue = new DurableQueue({
      store: { ...store, asyncRequests: full },
      invoker: run,
      warn: (text) => void told.push(text),
    });
    await queue.start();
    await queue.accept([request("a")]);
    await until(() => told.length === 1);
    refuse = false;
    await until(() => asyncRequests.count("success") === 1);
    expect(run.asked.length).toBe(1);
    await queue.close(1000);
  });
});

test("a request counts as accepted once the disk has it, whether it starts at once or waits", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  const disk = Promise.withResolvers<void>();
  const queue = new DurableQueue({
    store: { ...store, settled: () => disk.promise },
    invoker: invoker(() => SUCCESS),
  });
  const told: string[] = [];
  const accept = async (id: string): Promise<void> => {
    await queue.accept([request(id)]);
    told.push(id);
  };
  const waits = accept("waits");
  expect(store.settled()).toBeInstanceOf(Promise);
  await queue.start();
  const starts = accept("starts");
  await until(() => store.asyncRequests.count("success") === 2);
  expect(told).toEqual([]);
  disk.resolve();
  await Promise.all([waits, starts]);
  await queue.close(1000);
});
