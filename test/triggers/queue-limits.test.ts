import { describe, expect, test } from "vitest";
import type { Invoker } from "../../platform/gateway/invoker.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { QueueFullError } from "../../platform/triggers/queue-full.ts";
import { STORES } from "./stores.ts";
import { createFunction, HELLO, request, until } from "./support.ts";

const OTHER = { ...HELLO, name: "other" };

function answering(asked: string[]): Invoker {
  return {
    async invoke({ key, requestId }) {
      asked.push(`${key.name}/${requestId}`);
      return { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
    },
    cancel: () => undefined,
  };
}

describe.each(STORES)("over $kind", ({ open }) => {
  test("a full queue says so, a function fills half of it and no more, and what was taken runs", async () => {
    await using store = await open();
    createFunction(store);
    createFunction(store, OTHER);
    const asked: string[] = [];
    const queue = new DurableQueue({ store, invoker: answering(asked), length: 10 });
    await queue.accept(Array.from({ length: 4 }, (_, at) => request(`a${at}`)));
    // Over a shared store a count may be off for the time between two looks at it.
    await until(() => queue.full(HELLO) === undefined);
    await queue.accept([request("a4")]);
    await until(
      () => queue.full(HELLO)?.message.includes("One function may fill half of the queue") === true,
    );
    expect(queue.full(HELLO)).toBeInstanceOf(QueueFullError);
    await until(() => queue.full(OTHER) === undefined);
    await queue.accept(Array.from({ length: 5 }, (_, at) => request(`b${at}`, OTHER)));
    await until(() => queue.full(OTHER)?.message.includes("10 asynchronous requests wait, 10 may.") === true);
    await queue.start();
    await until(() => store.asyncRequests.count("success") === 10);
    expect(asked).toHaveLength(10);
    await until(() => queue.full(HELLO) === undefined);
    await queue.close(1000);
  });

  test("a request that finds room starts without waiting, and is running in the store at once", async () => {
    await using store = await open();
    createFunction(store);
    const { promise, resolve } = Promise.withResolvers<void>();
    const invoker: Invoker = {
      invoke: async () => {
        await promise;
        return { failure: undefined, code: 0, payload: Buffer.alloc(0), durationMs: 1 };
      },
      cancel: () => undefined,
    };
    const queue = new DurableQueue({ store, invoker, running: 2 });
    await queue.start();
    await queue.accept([request("a"), request("b"), request("c")]);
    expect([store.asyncRequests.count("running"), store.asyncRequests.count("waiting")]).toEqual([2, 1]);
    resolve();
    await until(() => store.asyncRequests.count("success") === 3);
    await queue.close(1000);
  });

  test("a store that refuses leaves no slot taken", async () => {
    await using store = await open();
    createFunction(store);
    const asked: string[] = [];
    const { asyncRequests } = store;
    let refuse = true;
    const accept: typeof asyncRequests.accept = (...given) => {
      if (refuse) throw new Error("disk is full.");
      return asyncRequests.accept(...given);
    };
    const full = new Proxy(asyncRequests, {
      get: (target, name) => (name === "accept" ? accept : bound(target, name as keyof typeof target)),
    });
    const queue = new DurableQueue({
      store: { ...store, asyncRequests: full },
      invoker: answering(asked),
      running: 1,
    });
    await queue.start();
    for (let times = 0; times < 3; times++)
      expect(() => queue.accept([request("a")])).toThrow("disk is full");
    refuse = false;
    await queue.accept([request("a")]);
    await until(() => asyncRequests.count("success") === 1);
    expect(asked).toEqual(["hello/a"]);
    await queue.close(1000);
  });
});

function bound<T extends object>(target: T, name: keyof T): unknown {
  const value = target[name];
  return typeof value === "function" ? (value.bind(target) as unknown) : value;
}
