import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import type { FunctionSpec } from "../../model/function.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import type { GatewayLimits } from "../../platform/gateway/server.ts";
import type { InstanceView } from "../../platform/scheduler/scheduler.ts";
import { targetOf } from "../../platform/scheduler/target.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import { deferred } from "../scheduler/fixtures.ts";
import { eventually } from "./caller.ts";
import { startStack } from "./stack.ts";

interface Begun {
  readonly id: string;
  readonly outcome: Promise<Outcome>;
}

/** A gateway over instances that answer with their id: at once when the event is `quick`, else once `open` was called. */
async function startLanes(limits: GatewayLimits = {}) {
  const gate = deferred();
  const order: string[] = [];
  let most = 0;
  let running = 0;
  const driver = new FakeDriver({
    handler: async (event, { instanceId }) => {
      const name = JSON.parse(event.toString()) as string;
      order.push(name);
      most = Math.max(most, ++running);
      if (name !== "quick") await gate.promise;
      running -= 1;
      return instanceId;
    },
  });
  const stack = await startStack({ driver, limits });
  const begin = (key: FunctionKey, name: string): Begun => {
    const id = randomUUID();
    const event = Buffer.from(JSON.stringify(name));
    return { id, outcome: stack.gateway.invoke({ key, qualifier: "latest", requestId: id, event }) };
  };
  return {
    stack,
    driver,
    order,
    open: gate.resolve,
    /** Calls that run now, and the most that ran at the same time. */
    running: () => ({ now: running, most }),
    begin,
    /** The result as text, or the failure. */
    call: async (key: FunctionKey, name: string): Promise<string> => {
      const { failure, payload } = await begin(key, name).outcome;
      return failure ?? payload.toString();
    },
    deploy: async (spec: Partial<FunctionSpec> = {}): Promise<FunctionKey> =>
      (await stack.deploy({ "index.js": "" }, { timeoutSeconds: 60, ...spec })).key,
    instances: (): InstanceView[] => stack.scheduler.instances().filter(({ target }) => target !== ""),
    [Symbol.asyncDispose]: async () => {
      gate.resolve();
      await stack[Symbol.asyncDispose]();
    },
  };
}

test("calls that wait for one instance run in the order in which they came", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy({ maxInstances: 1 });
  await lanes.call(key, "quick");
  const names = Array.from({ length: 20 }, (_, n) => String(n));
  const calls = names.map((name) => lanes.call(key, name));
  await eventually(() => lanes.order.length === 2);
  lanes.open();
  await Promise.all(calls);
  expect(lanes.order).toEqual(["quick", ...names]);
});

test("an instance has as many calls as its function's concurrency, and no more", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy({ concurrency: 3, maxInstances: 2 });
  await lanes.call(key, "quick");
  const calls = Array.from({ length: 8 }, (_, n) => lanes.call(key, String(n)));
  await eventually(() => lanes.running().now === 6);
  expect(lanes.instances().map(({ inFlight }) => inFlight)).toEqual([3, 3]);
  lanes.open();
  expect(new Set(await Promise.all(calls)).size).toBe(2);
});

test("calls that one instance can take at once start no other", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy({ concurrency: 3 });
  await lanes.call(key, "quick");
  const calls = Array.from({ length: 3 }, (_, n) => lanes.call(key, String(n)));
  await eventually(() => lanes.running().now === 3);
  lanes.open();
  await Promise.all(calls);
  expect(lanes.instances()).toHaveLength(1);
});

test("at -1 there are as many instances as calls", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy({ maxInstances: -1 });
  const calls = Array.from({ length: 4 }, (_, n) => lanes.call(key, String(n)));
  await eventually(() => lanes.running().now === 4);
  lanes.open();
  expect(new Set(await Promise.all(calls)).size).toBe(4);
});

test("the time that a call may wait begins once an instance runs", async () => {
  await using lanes = await startLanes({ queueSeconds: 0.05 });
  lanes.driver.knobs = { ...lanes.driver.knobs, helloMs: 500 };
  const key = await lanes.deploy({ maxInstances: 1 });
  expect(await lanes.call(key, "quick")).not.toBe("overload");
});

test("who waited and was cancelled leaves his place in a full queue to another", async () => {
  await using lanes = await startLanes({ queueLength: 2 });
  const key = await lanes.deploy({ maxInstances: 1 });
  await lanes.call(key, "quick");
  const busy = lanes.call(key, "busy");
  const [waiting, leaving] = [lanes.begin(key, "waits"), lanes.begin(key, "leaves")];
  expect(await lanes.call(key, "refused")).toBe("overload");
  lanes.stack.gateway.cancel(leaving.id);
  expect((await leaving.outcome).failure).toBe("cancelled");
  const next = lanes.call(key, "quick");
  lanes.open();
  expect([(await waiting.outcome).failure, await next]).toEqual([undefined, await busy]);
  expect(lanes.order).toEqual(["quick", "busy", "waits", "quick"]);
});

test("the account's limit is over all its functions, and another account has its own", async () => {
  await using lanes = await startLanes({ concurrentExecutions: 2 });
  const [one, two] = [await lanes.deploy({ name: "one" }), await lanes.deploy({ name: "two" })];
  const { functions } = lanes.stack.store;
  const record = functions.find(one);
  if (record === undefined) throw new Error("it was deployed");
  const foreign = functions.create({ ...record, key: { ...one, projectId: "another" } });
  const calls = [one, two, one, two].map((key, n) => lanes.call(key, String(n)));
  await eventually(() => lanes.running().now === 2);
  expect(await lanes.call(foreign.key, "quick")).toMatch(/-/);
  expect(lanes.running()).toEqual({ now: 2, most: 3 });
  // One that is raised lets in who waits, although no call has ended.
  lanes.stack.gateway.limit(3);
  await eventually(() => lanes.running().now === 3);
  lanes.open();
  await Promise.all(calls);
});

test("an instance that ends without a call leaves its place to another", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy({ maxInstances: 1 });
  const first = await lanes.call(key, "quick");
  expect(lanes.stack.scheduler.end(first)).toBe(true);
  const second = await lanes.call(key, "quick");
  expect(second).toMatch(/-/);
  expect(second).not.toBe(first);
});

test("what is started for calls goes after its time, what is reserved stays", async () => {
  await using lanes = await startLanes({ idleSeconds: 0.1 });
  const record = await lanes.stack.deploy({ "index.js": "" }, { timeoutSeconds: 60 });
  const target = await targetOf(record, lanes.stack.store.code, "local");
  lanes.stack.scheduler.reserve(target, { count: 1, idleMode: false });
  await eventually(() => lanes.instances().some(({ reserved, state }) => reserved && state === "ready"));
  const [kept] = lanes.instances();
  const calls = [lanes.call(record.key, "1"), lanes.call(record.key, "2")];
  await eventually(() => lanes.running().now === 2);
  lanes.open();
  await Promise.all(calls);
  await eventually(() => lanes.instances().length === 1);
  expect(lanes.instances()).toMatchObject([{ id: kept?.id, state: "ready", reserved: true }]);
});

test("a call that finds all busy takes a reserved instance at once, however long a start would take", async () => {
  await using lanes = await startLanes({ queueSeconds: 0.25 });
  lanes.driver.knobs = { ...lanes.driver.knobs, helloMs: 600 };
  const record = await lanes.stack.deploy({ "index.js": "" }, { timeoutSeconds: 60 });
  const target = await targetOf(record, lanes.stack.store.code, "local");
  await lanes.call(record.key, "quick");
  lanes.stack.scheduler.reserve(target, { count: 1, idleMode: false });
  await eventually(() => lanes.stack.scheduler.ready(target));
  const busy = lanes.call(record.key, "busy");
  const reserved = lanes.instances().find((one) => one.reserved)?.id;
  expect(await lanes.call(record.key, "quick")).toBe(reserved);
  lanes.open();
  expect(await busy).not.toBe(reserved);
});

test("instances stay when something else of their function changes, and go with their own revision", async () => {
  await using lanes = await startLanes();
  const key = await lanes.deploy();
  const first = await lanes.call(key, "quick");
  const { versions, aliases } = lanes.stack.store;
  versions.publish(key, "v1", "");
  aliases.create(key, { name: "live", version: "v1", description: "" });
  expect(await lanes.call(key, "quick")).toBe(first);
  await lanes.deploy({ description: "another" });
  expect(await lanes.call(key, "quick")).not.toBe(first);
  await eventually(() => lanes.instances().every(({ id }) => id !== first));
});

test("a function that is switched off is off at once, although instances are reserved", async () => {
  await using lanes = await startLanes();
  const record = await lanes.stack.deploy({ "index.js": "" });
  const target = await targetOf(record, lanes.stack.store.code, "local");
  lanes.stack.scheduler.reserve(target, { count: 1, idleMode: false });
  await eventually(() => lanes.stack.scheduler.ready(target));
  await lanes.deploy({ maxInstances: 0 });
  expect(await lanes.call(record.key, "quick")).toBe("overload");
  await lanes.deploy({ maxInstances: 1 });
  expect(await lanes.call(record.key, "quick")).not.toBe("overload");
});
