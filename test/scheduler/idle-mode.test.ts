import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Target } from "../../platform/scheduler/target.ts";
import { leftoversOf, processSubject, type ProcessSubject } from "../drivers/subjects.ts";
import { Bench, invoke, target, until } from "./fixtures.ts";

/** Tells the longest time for which its clock stood still. */
const CODE = `
let last = Date.now(), still = 0;
setInterval(() => { const now = Date.now(); still = Math.max(still, now - last); last = now; }, 10);
exports.stop = async (context) => console.log("stopped " + process.env.RUNTIME_FUNC_NAME);
exports.handler = async (event, context) => {
  if (event.hang) for (;;);
  await new Promise((done) => setTimeout(done, event.ms ?? 0));
  return Math.max(still, Date.now() - last);
};`;

describe.each(["auto", "bare"] as const)("idle mode of reserved instances, isolation %s", (isolation) => {
  let subject: ProcessSubject;
  let bench: Bench<ProcessSubject["driver"]>;

  beforeAll(async () => {
    subject = await processSubject(isolation);
    const heartbeat = { everyMs: 300, timeoutMs: 500, misses: 3 };
    bench = new Bench(subject.driver, { warmPerRuntime: 0, heartbeat });
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    expect(bench.problems).toEqual([]);
    subject.remove();
  });

  const kept = (name: string, change: Parameters<typeof target>[0] = {}): Target =>
    target({ name, codeDir: subject.code(name, CODE), ...change });
  const own = ({ key }: Target) => bench.scheduler.instances().filter((one) => one.target === key);
  const paused = (of: Target) => () => own(of).some((one) => one.paused);
  const gone = (of: Target) => () => own(of).length === 0;

  test.concurrent("an instance that nothing calls stands still, before its first call too, and a call wakes it", async () => {
    const one = kept("still");
    bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(paused(one), "it is paused");
    await delay(600);
    const lease = await bench.scheduler.acquire(one);
    const first = Number((await invoke(lease)).text);
    expect(first).toBeGreaterThanOrEqual(500);
    expect(paused(one)()).toBe(false);
    await until(paused(one), "it is paused again");
    await delay(first + 600);
    expect(Number((await invoke(lease)).text)).toBeGreaterThan(first);
    bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await bench.scheduler.release(lease);
    await until(gone(one), "it is gone");
  });

  // What follows is the scheduler's doing, the same in every housing.
  if (isolation === "bare") return;

  test.concurrent("it is not paused while a call runs, and all calls that come at once are answered", async () => {
    const one = kept("busy", { concurrency: 20 });
    bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(paused(one), "it is paused");
    const lease = await bench.scheduler.acquire(one);
    const long = invoke(lease, '{"ms":2500}');
    const answers = await Promise.all(Array.from({ length: 20 }, () => invoke(lease, '{"ms":10}')));
    expect(answers.map(({ failure }) => failure)).toEqual(answers.map(() => undefined));
    expect((await long).failure).toBeUndefined();
    bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await bench.scheduler.release(lease);
    await until(gone(one), "it is gone");
  });

  test.concurrent("it is woken for its pre-stop hook", async () => {
    const one = kept("ends", { preStop: { handler: "index.stop", timeoutSeconds: 20 } });
    bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(paused(one), "it is paused");
    bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await until(() => bench.lines.some((line) => line.includes("stopped ends")), "it ran");
    await until(gone(one), "it is gone");
  });

  test.concurrent("the heartbeat does not hold a pause against it", async () => {
    const one = kept("beats", { heartbeat: { handler: "index.heartbeat" } });
    bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(() => own(one).length === 1 && own(one)[0]?.state === "ready", "it is there");
    const lease = await bench.scheduler.acquire(one);
    await until(paused(one), "it is paused");
    // More than three questions without an answer take.
    await delay(2_500);
    expect(await invoke(lease)).toMatchObject({ failure: undefined });
    bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await bench.scheduler.release(lease);
    await until(gone(one), "it is gone");
  });

  test.concurrent("a call past its time ends it although it was paused before, and another takes its place", async () => {
    const one = kept("hangs");
    bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(paused(one), "it is paused");
    const before = own(one)[0]?.id;
    const lease = await bench.scheduler.acquire(one);
    expect((await invoke(lease, '{"hang":true}', 200)).failure).toBe("timeout");
    await until(() => own(one).some(({ id, state }) => id !== before && state === "ready"), "another");
    bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await until(gone(one), "it is gone");
  });

  test.concurrent("without idle mode it stays awake, and switching it off wakes it", async () => {
    const [awake, off, ended] = [kept("awake"), kept("off"), kept("ended")];
    bench.scheduler.reserve(awake, { count: 1, idleMode: false });
    for (const one of [off, ended]) bench.scheduler.reserve(one, { count: 1, idleMode: true });
    await until(() => paused(off)() && paused(ended)(), "both are paused");
    const leased = await bench.scheduler.acquire(ended);
    bench.scheduler.reserve(ended, { count: 0, idleMode: false });
    await until(() => !paused(ended)(), "no longer reserved, it is awake");
    await bench.scheduler.release(leased);
    expect(paused(awake)()).toBe(false);
    bench.scheduler.reserve(off, { count: 1, idleMode: false });
    await until(() => !paused(off)(), "it is awake");
    const lease = await bench.scheduler.acquire(off);
    expect(await invoke(lease)).toMatchObject({ failure: undefined });
    for (const one of [awake, off]) bench.scheduler.reserve(one, { count: 0, idleMode: false });
    await bench.scheduler.release(lease);
    await until(() => gone(awake)() && gone(off)(), "both are gone");
  });
});
