import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { targetOf } from "../../platform/scheduler/target.ts";
import { deferred } from "../scheduler/fixtures.ts";
import { ask, codeOf, eventually, invoke } from "./caller.ts";
import { startStack } from "./stack.ts";

const FILES = { "index.js": "" };

test("calls go to reserved instances first, what is more starts others, and later calls come back to them", async () => {
  let gate = deferred();
  let running = 0;
  const driver = new FakeDriver({
    handler: async (_event, { instanceId }) => {
      running += 1;
      await gate.promise;
      running -= 1;
      return { statusCode: 200, headers: {}, body: instanceId, isBase64Encoded: false };
    },
  });
  await using stack = await startStack({ driver });
  const record = await stack.deploy(FILES, { concurrency: 1, timeoutSeconds: 30 });
  stack.route(record.key, { path: "/", func_info: { timeout: 30_000 } });
  stack.scheduler.reserve(await targetOf(record, stack.store.code, "local"), { count: 3, idleMode: false });
  const own = () => stack.scheduler.instances().filter((one) => one.target !== "");
  const reserved = (): string[] => own().flatMap(({ id, reserved: kept }) => (kept ? [id] : []));
  await eventually(() => reserved().length === 3);
  const kept = new Set(reserved());

  const three = Array.from({ length: 3 }, () => ask(stack.origin));
  await eventually(() => running === 3);
  expect(own().length).toBe(3);
  const more = Array.from({ length: 3 }, () => ask(stack.origin));
  await eventually(() => running === 6);
  gate.resolve();
  expect(new Set((await Promise.all(three)).map(({ body }) => body))).toEqual(kept);
  for (const { body } of await Promise.all(more)) expect(kept.has(body)).toBe(false);

  gate = deferred();
  gate.resolve();
  for (let n = 0; n < 20; n += 1) expect(kept.has((await ask(stack.origin)).body)).toBe(true);
});

test("an asynchronous call has all the time of its function", async () => {
  const gate = deferred();
  let began = false;
  const driver = new FakeDriver({
    handler: async () => {
      began = true;
      await gate.promise;
    },
  });
  await using stack = await startStack({ driver, limits: { synchronousSeconds: 0.1 } });
  const { key } = await stack.deploy(FILES, { timeoutSeconds: 30 });
  const event = Buffer.from("{}");
  const run = stack.gateway.invoke({ requestId: "r", key, qualifier: "latest", event, memoryMb: undefined });
  await eventually(() => began);
  const late = await Promise.race([run, sleep(500, "goes on")]);
  expect(late).toBe("goes on");
  gate.resolve();
  expect((await run).failure).toBeUndefined();
});

test("a synchronous caller waits for so long and no longer; the function goes on", async () => {
  const gate = deferred();
  let ended = false;
  const driver = new FakeDriver({
    handler: async () => {
      await gate.promise;
      ended = true;
    },
  });
  await using stack = await startStack({ driver, limits: { synchronousSeconds: 0.2 } });
  const { key } = await stack.deploy(FILES, { timeoutSeconds: 30 });
  const answer = await invoke(stack, `urn:fss:local:${key.projectId}:function:default:demo`, "{}");
  expect([answer.status, codeOf(answer)]).toEqual([504, "FSS.0504"]);
  gate.resolve();
  await eventually(() => ended);
});
