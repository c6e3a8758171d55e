import { expect, test } from "vitest";
import { Patience } from "../../platform/gateway/patience.ts";
import { socketPair } from "../link/frames.ts";

test("whose answer has come by the time is not sent away without it, also when this process stood still past it", async () => {
  await using pair = await socketPair();
  const patience = new Patience();
  const events: string[] = [];
  const patient = { until: performance.now(), giveUp: () => void events.push("gave up") };
  const answered = Promise.withResolvers<void>();
  pair.platform.once("data", () => {
    events.push("answered");
    patience.forget(patient);
    answered.resolve();
  });
  patience.watch(patient);
  pair.instance.write("answer");
  // Longer than the time between two looks for those who wait no more.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  await answered.promise;
  await new Promise(setImmediate);
  expect(events).toEqual(["answered"]);
  patience.close();
});

test("whoever waits longer than he wants is told so", async () => {
  const patience = new Patience();
  const { promise: given, resolve: giveUp } = Promise.withResolvers<void>();
  patience.watch({ until: performance.now() + 20, giveUp });
  const keptUp = setTimeout(() => undefined, 30_000);
  await given;
  clearTimeout(keptUp);
  patience.close();
});
