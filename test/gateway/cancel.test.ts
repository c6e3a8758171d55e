import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import { codeOf, eventually, invoke } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const SLEEPING = `exports.handler = async (event, context) => {
  console.log("began " + event.n);
  await new Promise((resolve) => setTimeout(resolve, event.ms));
  return { pid: process.pid };
};`;

let stack: Stack | undefined;

afterEach(async () => {
  expect(stack?.problems ?? []).toEqual([]);
  await stack?.[Symbol.asyncDispose]();
  stack = undefined;
});

interface Begun {
  readonly requestId: string;
  readonly outcome: Promise<Outcome>;
}

function begin(gateway: Stack["gateway"], key: FunctionKey, event: { n: number; ms: number }): Begun {
  const requestId = randomUUID();
  const call = { key, qualifier: "latest", requestId, event: Buffer.from(JSON.stringify(event)) };
  return { requestId, outcome: gateway.invoke(call) };
}

test("a cancelled call ends at once with its instance; calls behind it run elsewhere", async () => {
  stack = await startStack();
  const { gateway } = stack;
  const { key } = await stack.deploy({ "index.js": SLEEPING }, { maxInstances: 1, timeoutSeconds: 60 });
  const warm = await begin(gateway, key, { n: 0, ms: 0 }).outcome;
  // Short calls make the gateway hand calls ahead, so that the second may be at the instance already.
  const hung = begin(gateway, key, { n: 1, ms: 50_000 });
  const behind = [2, 3, 4].map((n) => begin(gateway, key, { n, ms: 1 }));
  await eventually(() => stack?.scheduler.instances().some((one) => one.inFlight > 0) ?? false);
  gateway.cancel(hung.requestId);
  expect(await hung.outcome).toMatchObject({ failure: "cancelled", code: 4208 });
  const after = await Promise.all(behind.map((one) => one.outcome));
  expect(after.map((one) => one.failure)).toEqual([undefined, undefined, undefined]);
  expect(after[0]?.payload.toString()).not.toBe(warm.payload.toString());
});

test("a cancelled call that waits is not started, and those around it are left alone", async () => {
  stack = await startStack();
  const { gateway } = stack;
  const { key } = await stack.deploy({ "index.js": SLEEPING }, { maxInstances: 1 });
  const first = begin(gateway, key, { n: 1, ms: 300 });
  const waiting = begin(gateway, key, { n: 2, ms: 1 });
  const last = begin(gateway, key, { n: 3, ms: 1 });
  gateway.cancel(waiting.requestId);
  gateway.cancel("nothing of that name");
  expect(await waiting.outcome).toMatchObject({ failure: "cancelled" });
  expect((await first.outcome).failure).toBeUndefined();
  expect((await last.outcome).payload.toString()).toBe((await first.outcome).payload.toString());
});

test("with many calls to one instance all of them end, as the interface document says", async () => {
  stack = await startStack();
  const { gateway } = stack;
  const { key } = await stack.deploy(
    { "index.js": SLEEPING },
    { concurrency: 10, maxInstances: 1, timeoutSeconds: 60 },
  );
  await begin(gateway, key, { n: 0, ms: 0 }).outcome;
  const calls = [1, 2, 3].map((n) => begin(gateway, key, { n, ms: 50_000 }));
  await eventually(() => stack?.scheduler.instances().some((one) => one.inFlight === 3) ?? false);
  gateway.cancel(calls[1]?.requestId ?? "");
  const ends = await Promise.all(calls.map((one) => one.outcome));
  expect(ends.map((one) => one.failure)).toEqual(["cancelled", "cancelled", "cancelled"]);
  expect((await begin(gateway, key, { n: 4, ms: 0 }).outcome).failure).toBeUndefined();
});

test("HTTP functions take no asynchronous calls", async () => {
  stack = await startStack();
  await stack.deploy({ bootstrap: "exit 1" }, { name: "web", runtime: "http", handler: "bootstrap" });
  const answer = await invoke(stack, "web", "{}", { asynchronous: true });
  expect([answer.status, codeOf(answer)]).toEqual([400, "FSS.0400"]);
  expect(answer.body).toContain("cannot be called asynchronously");
});
