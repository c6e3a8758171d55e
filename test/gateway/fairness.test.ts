import { availableParallelism } from "node:os";
import { Agent } from "node:http";
import { describe, expect, test } from "vitest";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { Admission } from "../../platform/gateway/admission.ts";
import { StartTurns } from "../../platform/scheduler/start-turns.ts";
import { deferred, fakeBench, target, until } from "../scheduler/fixtures.ts";
import { ask, eventually } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const SMALL = Array.from({ length: 10 }, (_, n) => `small${n}`);
const FILES = { "index.js": "exports.handler = async (event, context) => 1;" };
const OK = { statusCode: 200, headers: {}, body: "ok", isBase64Encoded: false };

/** Where calls go by the path of their trigger, and how long they stay. */
async function stackOf(limit: number, stay: (name: string) => Promise<unknown>): Promise<Stack> {
  const driver = new FakeDriver({
    handler: async (event) => {
      const { path } = JSON.parse(event.toString()) as { path: string };
      await stay(path.slice(1));
      return OK;
    },
  });
  const stack = await startStack({ driver, limits: { concurrentExecutions: limit } });
  for (const name of ["hog", ...SMALL]) {
    const { key } = await stack.deploy(FILES, { name, concurrency: 100, timeoutSeconds: 60 });
    stack.route(key, { path: `/${name}`, func_info: { timeout: 60_000 } });
  }
  return stack;
}

describe("the account's places", () => {
  test("a busy function takes all of them when it is alone", async () => {
    let running = 0;
    const gate = deferred();
    await using stack = await stackOf(20, () => ((running += 1), gate.promise));
    const calls = Array.from({ length: 25 }, () => ask(`${stack.origin}/hog`));
    await eventually(() => running === 20);
    gate.resolve();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(calls.map(() => 200));
    expect(running).toBe(25);
  });

  test("calls of a busy function that never end keep no other from its first", async () => {
    const gate = deferred();
    let running = 0;
    await using stack = await stackOf(20, (name) => {
      if (name !== "hog") return Promise.resolve();
      running += 1;
      return gate.promise;
    });
    for (const name of SMALL) await ask(`${stack.origin}/${name}`);
    const calls = Array.from({ length: 40 }, () => ask(`${stack.origin}/hog`));
    await eventually(() => running === 18);
    const answers = await Promise.all(SMALL.map((name) => ask(`${stack.origin}/${name}`)));
    expect(answers.map(({ status }) => status)).toEqual(SMALL.map(() => 200));
    expect(running).toBe(18);
    gate.resolve();
    expect((await Promise.all(calls)).every(({ status }) => status === 200)).toBe(true);
  });

  test("waiting functions take turns, however many calls one of them has", async () => {
    const ended: string[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: 500 });
    await using stack = await stackOf(4, () => new Promise((resolve) => setTimeout(resolve, 20)));
    const call = async (name: string): Promise<void> => {
      const { status } = await ask(`${stack.origin}/${name}`, { agent });
      ended.push(status === 200 ? name : `${name} ${status}`);
    };
    for (const name of SMALL) await call(name);
    const hog = Array.from({ length: 400 }, () => call("hog"));
    await eventually(() => ended.filter((name) => name === "hog").length >= 8);
    await Promise.all(SMALL.map(call));
    const before = ended.filter((name) => name === "hog").length;
    await Promise.all(hog);
    agent.destroy();
    // Without turns the small ones come after the 390 that waited before them.
    expect(before).toBeLessThan(300);
    expect(ended.filter((name) => / \d/.test(name))).toEqual([]);
  });

  test("a place is kept for a minute after a function's last call, and for a tenth of them at most", () => {
    const admission = new Admission(100);
    const shares = Array.from({ length: 30 }, (_, n) => admission.share(`p/default/${n}`));
    const [hog] = shares;
    for (const share of shares) share.enter();
    for (const share of shares) share.leave(1_000);
    const take = (): number => {
      const before = admission.running;
      for (let n = 0; n < 200; n += 1) if (hog?.open === true) hog.enter();
      return admission.running - before;
    };
    expect(take()).toBe(90);
    expect(shares[1]?.open).toBe(true);
    admission.sweep(62_000);
    expect([take(), admission.running, admission.quiet]).toEqual([10, 100, 0]);
    while (admission.running > 0) hog?.leave(70_000);
    expect([admission.running, admission.quiet]).toEqual([0, 1]);
  });
});

describe("starts and warm instances", () => {
  test("functions start their instances in turn", async () => {
    const gate = deferred();
    const turns = new StartTurns(2);
    const began: string[] = [];
    const start = (name: string): Promise<void> =>
      turns.run(name, async () => {
        began.push(name);
        await gate.promise;
      });
    const all = ["hog", "hog", "hog", "hog", "hog", "one", "two"].map(start);
    expect(began).toEqual(["hog", "hog"]);
    gate.resolve();
    await Promise.all(all);
    expect(began).toEqual(["hog", "hog", "hog", "one", "two", "hog", "hog"]);
  });

  test("a start that waits for something else than a processor holds up nobody", async () => {
    const turns = new StartTurns(1);
    const gate = deferred();
    const stuck = turns.run("slow", () => gate.promise);
    expect(await turns.run("quick", () => Promise.resolve("done"))).toBe("done");
    gate.resolve();
    await stuck;
    expect(await turns.run("quick", () => Promise.resolve("again"))).toBe("again");
  });

  test("one function that wants forty instances does not hold up the first of ten others", async () => {
    const loaded: string[] = [];
    const load = ({ load: { function: own } }: { load: { function: { name: string } } }): void =>
      void loaded.push(own.name);
    await using bench = fakeBench({ helloMs: 20, load });
    const hog = Array.from({ length: 40 }, () => bench.scheduler.acquire(target({ name: "hog" })));
    const small = SMALL.map((name) => bench.scheduler.acquire(target({ name })));
    await Promise.all([...hog, ...small]);
    const places = 2 * availableParallelism() + 2;
    expect(loaded.findLastIndex((name) => name !== "hog")).toBeLessThanOrEqual(places + 2 * SMALL.length);
  });

  test("the last warm instance is left to a function that has none", async () => {
    await using bench = fakeBench({}, { warmPerRuntime: 2 });
    bench.scheduler.prepare(["Node.js20.15"]);
    await until(() => bench.driver.alive === 2, "two are warm");
    bench.driver.knobs = { helloMs: 500 };
    await bench.scheduler.acquire(target({ name: "hog" }));
    const order: string[] = [];
    const acquire = (name: string): Promise<void> =>
      bench.scheduler.acquire(target({ name })).then(() => void order.push(name));
    await Promise.all([acquire("hog"), acquire("small")]);
    expect(order).toEqual(["small", "hog"]);
  });
});
