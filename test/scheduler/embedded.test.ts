import { describe, expect, test } from "vitest";
import { FakeFailure } from "../../platform/drivers/fake/fake-runtime.ts";
import type { LeaseError } from "../../platform/scheduler/scheduler.ts";
import { deferred, failure, fakeBench, invoke, target, until } from "./fixtures.ts";
import type { InstanceSlots } from "../../platform/scheduler/slots.ts";

describe("acquire", () => {
  test("grants a loaded instance that answers", async () => {
    await using bench = fakeBench({ handler: (event) => `got ${event.toString()}` });
    const lease = await bench.scheduler.acquire(target());
    expect(await invoke(lease, "1")).toMatchObject({ failure: undefined, text: "got 1" });
    expect(bench.scheduler.instances()).toMatchObject([
      { id: lease.instanceId, target: "p/default/hello/1", state: "ready", reserved: false, memoryMb: 128 },
    ]);
  });

  test("tells the instance all about its function, presets over user variables", async () => {
    await using bench = fakeBench({ handler: (_event, { load }) => load });
    const lease = await bench.scheduler.acquire(
      target({
        environment: { COLOUR: "red", RUNTIME_MEMORY: "9" },
        encryptedEnvironment: { SECRET: "s" },
        memoryMb: 256,
        timeoutSeconds: 7,
        codeDir: "/code",
        preStop: { handler: "index.stop", timeoutSeconds: 2 },
      }),
    );
    const load = JSON.parse((await invoke(lease)).text) as Record<string, unknown>;
    expect(load).toMatchObject({
      codeRoot: "/code",
      handler: "index.handler",
      preStop: { handler: "index.stop", timeoutSeconds: 2 },
      concurrency: 1,
      userData: { COLOUR: "red", SECRET: "s" },
      environment: {
        COLOUR: "red",
        SECRET: "s",
        RUNTIME_MEMORY: "256",
        RUNTIME_CPU: "400",
        RUNTIME_TIMEOUT: "7",
        RUNTIME_CODE_ROOT: "/code",
        RUNTIME_FUNC_NAME: "hello",
      },
      function: { memoryMb: 256, cpuMillicores: 400, timeoutSeconds: 7, version: "latest" },
      credentials: { accessKey: "", token: "" },
    });
    expect(load).not.toHaveProperty("initializer");
  });

  test("fails with kind load and the runtime's body when the code cannot be loaded, once", async () => {
    await using bench = fakeBench({
      load: () => {
        throw new FakeFailure("load", "not found module './index.js'");
      },
    });
    const error = await failure(bench.scheduler.acquire(target()));
    expect(error.kind).toBe("load");
    expect(error.body.toString()).toContain("not found module");
    expect(bench.driver.created).toBe(1);
    await until(() => bench.driver.alive === 0, "the instance is gone");
  });

  test("tries a failing initializer on three fresh instances", async () => {
    await using bench = fakeBench({
      initialize: () => {
        throw new Error("no database");
      },
    });
    const initializer = { handler: "index.init", timeoutSeconds: 1 };
    const error = await failure(bench.scheduler.acquire(target({ initializer })));
    expect(error.kind).toBe("init");
    expect(error.body.toString()).toContain("no database");
    expect(bench.driver.created).toBe(3);
    await until(() => bench.driver.alive === 0, "all three are gone");
  });

  test("takes another instance when one cannot be claimed", async () => {
    await using bench = fakeBench();
    const create = bench.driver.create.bind(bench.driver);
    bench.driver.create = async (request) => {
      const instance = await create(request);
      if (bench.driver.created === 1) instance.claim = () => Promise.reject(new Error("it is gone"));
      return instance;
    };
    const lease = await bench.scheduler.acquire(target());
    expect((await invoke(lease, "x")).text).toBe("x");
    expect(bench.driver.created).toBe(2);
  });

  test("grants the second instance when its initializer succeeds", async () => {
    let tries = 0;
    await using bench = fakeBench({
      initialize: ({ exit }) => {
        tries += 1;
        if (tries === 1) exit({ code: 3 });
      },
    });
    const initializer = { handler: "index.init", timeoutSeconds: 1 };
    const lease = await bench.scheduler.acquire(target({ initializer }));
    expect((await invoke(lease, "x")).text).toBe("x");
    expect(bench.driver.created).toBe(2);
  });

  test("fails with init-timeout when the initializer hangs", async () => {
    await using bench = fakeBench({ initialize: () => deferred().promise });
    const initializer = { handler: "index.init", timeoutSeconds: 0.05 };
    expect((await failure(bench.scheduler.acquire(target({ initializer })))).kind).toBe("init-timeout");
  });

  test.each([
    ["crash", { code: 7 }, "exited with code 7"],
    ["memory", { outOfMemory: true }, "memory limit exceeded"],
    ["disk", { temporaryFull: true }, "disk limit exceeded"],
  ] as const)("fails with %s when the instance ends while it loads", async (kind, how, words) => {
    await using bench = fakeBench({ load: ({ exit }) => exit(how) });
    const error = await failure(bench.scheduler.acquire(target()));
    expect(error.kind).toBe(kind);
    expect(error.message).toContain(words);
  });

  test("fails with load when loading takes too long, and with system when the instance never greets", async () => {
    await using slow = fakeBench({ load: () => deferred().promise }, { loadTimeoutMs: 50 });
    expect((await failure(slow.scheduler.acquire(target()))).kind).toBe("load");
    await using mute = fakeBench({ helloMs: 60_000 }, { helloTimeoutMs: 50 });
    const error = await failure(mute.scheduler.acquire(target()));
    expect(error.kind).toBe("system");
    expect(mute.driver.alive).toBe(0);
  });

  test("never has more instances of a function than it may, also when asked at the same time", async () => {
    await using bench = fakeBench();
    const asked = Array.from({ length: 5 }, () => bench.scheduler.acquire(target({ maxInstances: 2 })));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    const refused = outcomes.filter((one) => one.status === "rejected");
    expect(refused.map(({ reason }) => (reason as LeaseError).kind)).toEqual([
      "capacity",
      "capacity",
      "capacity",
    ]);
    const other = await bench.scheduler.acquire(target({ name: "other", maxInstances: 1 }));
    await bench.scheduler.release(other);
    await bench.scheduler.acquire(target({ name: "other", maxInstances: 1 }));
  });

  test("refuses a disabled function and lifts the limit at -1", async () => {
    await using bench = fakeBench();
    const error = await failure(bench.scheduler.acquire(target({ maxInstances: 0 })));
    expect(error).toMatchObject({ kind: "capacity" });
    expect(error.message).toContain("Function Disabled");
    await Promise.all([1, 2, 3].map(() => bench.scheduler.acquire(target({ maxInstances: -1 }))));
  });
});

describe("the end of an instance", () => {
  test.each([
    ["crash", { code: 1 }],
    ["memory", { outOfMemory: true }],
    ["disk", { temporaryFull: true }],
  ] as const)("calls in flight fail with %s and the gateway is told", async (kind, how) => {
    await using bench = fakeBench({ handler: (_event, { exit }) => (exit(how), deferred().promise) });
    const lease = await bench.scheduler.acquire(target({ concurrency: 2 }));
    const lost: string[] = [];
    lease.onLost((reason) => lost.push(reason));
    const answers = await Promise.all([invoke(lease), invoke(lease)]);
    expect(answers.map(({ failure: found }) => found)).toEqual([kind, kind]);
    await until(() => bench.scheduler.instances().length === 0, "forgotten");
    expect(lost).toHaveLength(1);
    expect(bench.driver.alive).toBe(0);
  });

  test("release runs the pre-stop hook and does not tell the gateway", async () => {
    const stopped: string[] = [];
    await using bench = fakeBench({ stop: ({ instanceId }) => stopped.push(instanceId) });
    const lease = await bench.scheduler.acquire(target());
    const lost: string[] = [];
    lease.onLost((reason) => lost.push(reason));
    await bench.scheduler.release(lease);
    expect(stopped).toEqual([lease.instanceId]);
    expect(lost).toEqual([]);
    expect(bench.scheduler.instances()).toEqual([]);
    await bench.scheduler.release(lease);
  });

  test("release ends an instance whose pre-stop hook hangs", async () => {
    await using bench = fakeBench({ stop: () => deferred().promise });
    const lease = await bench.scheduler.acquire(
      target({ preStop: { handler: "index.stop", timeoutSeconds: 0.05 } }),
    );
    await bench.scheduler.release(lease);
    expect(bench.driver.alive).toBe(0);
  });

  test("kill fails what is in flight with the kind it was given", async () => {
    await using bench = fakeBench({ handler: () => deferred().promise });
    const lease = await bench.scheduler.acquire(target());
    const answer = invoke(lease);
    await bench.scheduler.kill(lease, "timeout");
    expect((await answer).failure).toBe("timeout");
    expect(bench.driver.alive).toBe(0);
  });

  test("a call past its time ends the instance at once when it serves one call", async () => {
    await using bench = fakeBench({ handler: () => deferred().promise });
    const lease = await bench.scheduler.acquire(target());
    expect((await invoke(lease, "", 30)).failure).toBe("timeout");
    await until(() => bench.driver.alive === 0, "ended");
  });

  test("a call past its time lets the other calls of its instance finish first", async () => {
    const gate = deferred();
    await using bench = fakeBench({
      handler: async (event) => {
        await (event.toString() === "hang" ? deferred() : gate).promise;
        return "done";
      },
    });
    const lease = await bench.scheduler.acquire(target({ concurrency: 2 }));
    const lost: string[] = [];
    lease.onLost((reason) => lost.push(reason));
    const other = invoke(lease, "wait");
    expect((await invoke(lease, "hang", 30)).failure).toBe("timeout");
    await until(() => lost.length === 1, "no more calls are sent");
    expect(bench.driver.alive).toBe(1);
    gate.resolve();
    expect(await other).toMatchObject({ failure: undefined, text: "done" });
    await until(() => bench.driver.alive === 0, "ended");
  });

  test("an instance that is to end lets running calls finish, tells the gateway at once, and spares other functions", async () => {
    const gate = deferred();
    await using bench = fakeBench({ handler: () => gate.promise.then(() => "done") });
    const lease = await bench.scheduler.acquire(target());
    const other = await bench.scheduler.acquire(target({ name: "other" }));
    const lost: string[] = [];
    lease.onLost((reason) => lost.push(reason));
    const answer = invoke(lease);
    expect(bench.scheduler.end(lease.instanceId)).toBe(true);
    expect(lost).toHaveLength(1);
    gate.resolve();
    expect((await answer).text).toBe("done");
    await until(() => bench.driver.alive === 1, "ended");
    expect(bench.scheduler.instances().map(({ id }) => id)).toEqual([other.instanceId]);
  });

  test("close finishes what runs within the grace and ends the rest", async () => {
    const bench = fakeBench(
      { handler: async (event) => (event.toString() === "hang" ? deferred().promise : "done") },
      { closeGraceMs: 100, warmPerRuntime: 1 },
    );
    const hanging = invoke(await bench.scheduler.acquire(target()), "hang");
    const quick = invoke(await bench.scheduler.acquire(target()), "quick");
    await bench.scheduler.close();
    expect((await quick).text).toBe("done");
    expect((await hanging).failure).toBe("crash");
    expect(bench.driver.alive).toBe(0);
    expect((await failure(bench.scheduler.acquire(target()))).kind).toBe("system");
    await bench.driver.close();
  });
});

describe("the warm pool", () => {
  test("keeps instances of each runtime in use and refills after a claim", async () => {
    await using bench = fakeBench({}, { warmPerRuntime: 2 });
    bench.scheduler.prepare(["Node.js20.15", "Python3.12"]);
    await until(() => bench.driver.alive === 4, "filled");
    await bench.scheduler.acquire(target());
    await until(() => bench.driver.alive === 5, "refilled");
    expect(bench.driver.created).toBe(5);
    expect(bench.scheduler.instances()).toHaveLength(1);
  });

  test("refills when the last claim has ended, not before", async () => {
    const gate = deferred();
    await using bench = fakeBench({ load: () => gate.promise }, { warmPerRuntime: 1 });
    bench.scheduler.prepare(["Node.js20.15"]);
    await until(() => bench.driver.alive === 1, "filled");
    const leases = [bench.scheduler.acquire(target()), bench.scheduler.acquire(target())];
    await until(() => bench.scheduler.instances().length === 2, "both are claimed");
    // Longer than the pool waits after a claim.
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(bench.driver.created).toBe(2);
    gate.resolve();
    await Promise.all(leases);
    await until(() => bench.driver.alive === 3, "refilled");
  });

  test("does not start a second instance while one is on its way", async () => {
    await using bench = fakeBench({ helloMs: 100 }, { warmPerRuntime: 1 });
    bench.scheduler.prepare(["Node.js20.15"]);
    await until(() => bench.driver.created === 1, "on its way");
    const lease = await bench.scheduler.acquire(target());
    expect(bench.driver.created).toBe(1);
    expect((await invoke(lease, "x")).text).toBe("x");
  });

  test("reports a failing start and tries again later, not at once", async () => {
    await using bench = fakeBench({ helloMs: 60_000 }, { warmPerRuntime: 1, helloTimeoutMs: 30 });
    bench.scheduler.prepare(["Node.js20.15"]);
    await until(() => bench.problems.length === 1, "reported");
    const failedAt = performance.now();
    bench.driver.knobs = {};
    await until(() => bench.driver.created === 2, "tried again");
    expect(performance.now() - failedAt).toBeGreaterThan(900);
    await until(() => bench.driver.alive === 1, "and kept");
  });
});

describe("output", () => {
  test("lines belong to the one call that runs, else to the instance", async () => {
    const after = deferred();
    await using bench = fakeBench({
      handler: (_event, { print }) => {
        print("one\ntw");
        print("o\n");
        void after.promise.then(() => print("late\nlast"));
        return "";
      },
    });
    const lease = await bench.scheduler.acquire(target());
    expect((await invoke(lease)).logs).toEqual(["one", "two"]);
    after.resolve();
    await until(() => bench.lines.length === 1, "the late line");
    await bench.scheduler.release(lease);
    expect(bench.lines[0]).toBe("0 late");
  });

  test("a flood is cut and bounded", async () => {
    await using bench = fakeBench({
      handler: (_event, { print }) => {
        for (let n = 0; n < 100; n += 1) print("x".repeat(99_999) + "\n");
        return "";
      },
    });
    const { logs } = await invoke(await bench.scheduler.acquire(target()));
    expect(logs.reduce((sum, line) => sum + line.length, 0)).toBeLessThan(4.1 * 1024 * 1024);
    expect(Math.max(...logs.map(({ length }) => length))).toBe(90 * 1024);
    expect(logs.at(-1)).toMatch(/\d+ bytes of log were dropped/);
  });
});

test("an instance that no call waits for takes no other one's place, here or in another process", async () => {
  const asked: boolean[] = [];
  const slots: InstanceSlots = {
    claim: (_functionKey, _most, asks) => {
      asked.push(asks);
      return Promise.resolve(asked.length === 1 ? "one" : undefined);
    },
    free: () => undefined,
    onWanted: () => undefined,
  };
  await using bench = fakeBench({}, { slots });
  const one = { maxInstances: 1 };
  const lease = await bench.scheduler.acquire(target(one));
  expect((await failure(bench.scheduler.acquire(target({ ...one, revision: 2 }), true))).kind).toBe(
    "capacity",
  );
  expect(bench.scheduler.instances().map(({ id }) => id)).toEqual([lease.instanceId]);
  expect((await failure(bench.scheduler.acquire(target({ ...one, name: "other" }), true))).kind).toBe(
    "capacity",
  );
  expect(asked).toEqual([true, false]);
});
