import { afterAll, beforeAll, expect, test } from "vitest";
import { invoke } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const CODE = `
exports.handler = async (event, context) => {
  await new Promise((resolve) => setTimeout(resolve, event.ms ?? 0));
  return { pid: process.pid, memoryMb: Number(process.env.RUNTIME_MEMORY) };
};`;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  await stack.deploy({ "index.js": CODE }, { name: "many", dynamicMemory: true });
  await stack.deploy({ "index.js": CODE }, { name: "single", dynamicMemory: true, maxInstances: 1 });
});

afterAll(() => stack[Symbol.asyncDispose]());

async function run(name: string, size?: number, ms = 0): Promise<{ pid: number; memoryMb: number }> {
  const urn = `urn:fss:local:${stack.credential.projectId}:function:default:${name}`;
  const headers = size === undefined ? {} : { "X-Cff-Instance-Memory": String(size) };
  const { status, body } = await invoke(stack, urn, JSON.stringify({ ms }), { headers });
  expect(status).toBe(200);
  return JSON.parse(body) as { pid: number; memoryMb: number };
}

const sizes = (name: string): number[] =>
  stack.scheduler
    .instances()
    .filter((one) => one.functionKey.endsWith(`/${name}`) && one.state === "ready")
    .map((one) => one.memoryMb);

test("each size has instances of its own, and a call goes to one of its size alone", async () => {
  const first = await Promise.all([run("many"), run("many", 256), run("many", 512)]);
  expect(first.map(({ memoryMb }) => memoryMb)).toEqual([128, 256, 512]);
  expect(new Set(first.map(({ pid }) => pid)).size).toBe(3);
  expect(await run("many", 512)).toEqual(first[2]);
  expect(await run("many", 256)).toEqual(first[1]);
  expect(await run("many", 128)).toEqual(first[0]);
  expect(new Set(sizes("many"))).toEqual(new Set([128, 256, 512]));
});

test("at the function's maximum an instance of another size that has nothing to do makes room", async () => {
  const [small, large, again] = [await run("single"), await run("single", 1024), await run("single")];
  expect([small.memoryMb, large.memoryMb, again.memoryMb]).toEqual([128, 1024, 128]);
  expect(again.pid).not.toBe(small.pid);
  expect(sizes("single")).toEqual([128]);
});

test("at the function's maximum busy sizes take turns", { timeout: 30_000 }, async () => {
  const load = { going: true };
  const busy = Array.from({ length: 4 }, async () => {
    while (load.going) expect((await run("single", 128, 20)).memoryMb).toBe(128);
  });
  await run("single", 128, 20);
  expect((await run("single", 512)).memoryMb).toBe(512);
  load.going = false;
  await Promise.all(busy);
});
