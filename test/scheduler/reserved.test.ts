import { describe, expect, test, vi } from "vitest";
import { FakeFailure } from "../../platform/drivers/fake/fake-runtime.ts";
import { deferred, failure, fakeBench, invoke, target, until } from "./fixtures.ts";

describe("reserved instances", () => {
  test("are kept loaded, go first, are replaced when they die, and end with their count", async () => {
    await using bench = fakeBench({ handler: (event, { exit }) => (event.length > 0 ? exit() : "ok") });
    const kept = target();
    bench.scheduler.reserve(kept, { count: 2, idleMode: false });
    await until(
      () => bench.scheduler.instances().filter(({ reserved }) => reserved).length === 2,
      "two are there",
    );
    const lease = await bench.scheduler.acquire(kept);
    expect(lease.reserved).toBe(true);
    expect(bench.driver.created).toBe(2);
    await invoke(lease, "die");
    await until(() => bench.driver.created === 3 && bench.driver.alive === 2, "replaced");
    bench.scheduler.reserve(kept, { count: 0, idleMode: false });
    await until(() => bench.driver.alive === 0, "ended");
  });

  test("are none before their initializer has run", async () => {
    const gate = deferred();
    let began = false;
    await using bench = fakeBench({ initialize: () => ((began = true), gate.promise) });
    const kept = target({ initializer: { handler: "index.init", timeoutSeconds: 30 } });
    bench.scheduler.reserve(kept, { count: 1, idleMode: false });
    await until(() => began, "the initializer runs");
    expect(bench.scheduler.ready(kept)).toBe(false);
    expect(bench.scheduler.instances()).toMatchObject([{ reserved: false, state: "starting" }]);
    gate.resolve();
    await until(() => bench.scheduler.ready(kept), "it is ready");
    expect(bench.scheduler.instances()).toMatchObject([{ reserved: true, state: "ready" }]);
  });

  test("beyond a count that falls they go, those that nobody has first", async () => {
    await using bench = fakeBench();
    const kept = target();
    bench.scheduler.reserve(kept, { count: 3, idleMode: false });
    await until(() => bench.scheduler.instances().filter((one) => one.reserved).length === 3, "three");
    const lease = await bench.scheduler.acquire(kept);
    bench.scheduler.reserve(kept, { count: 1, idleMode: false });
    await until(() => bench.driver.alive === 1, "one is left");
    expect(bench.scheduler.instances()).toMatchObject([{ id: lease.instanceId, reserved: true }]);
  });

  test("that cannot be started are tried again later, not at once", async () => {
    const times: number[] = [];
    await using bench = fakeBench({
      load: () => {
        times.push(performance.now());
        if (times.length === 1) throw new FakeFailure("load", "not yet");
      },
    });
    bench.scheduler.reserve(target(), { count: 1, idleMode: false });
    await until(() => bench.scheduler.ready(target()), "it is there");
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
  });

  test("make no room for another version or memory size of their function", async () => {
    await using bench = fakeBench();
    const kept = target({ maxInstances: 1 });
    bench.scheduler.reserve(kept, { count: 1, idleMode: false });
    await until(() => bench.scheduler.ready(kept), "it is there");
    const other = await failure(bench.scheduler.acquire(target({ maxInstances: 1, revision: 2 })));
    expect(other.kind).toBe("capacity");
    expect(bench.scheduler.ready(kept)).toBe(true);
  });

  test("stay awake where the driver cannot pause them", async () => {
    await using bench = fakeBench();
    bench.scheduler.reserve(target(), { count: 1, idleMode: true });
    await until(() => bench.scheduler.ready(target()), "it is there");
    const [first] = bench.scheduler.instances();
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now() + 60_000);
    // Looks at all of them, as every second.
    bench.scheduler.reserve(target({ name: "other" }), { count: 1, idleMode: true });
    await until(() => bench.scheduler.ready(target({ name: "other" })), "the other one");
    clock.mockRestore();
    expect(bench.scheduler.instances()[0]?.id).toBe(first?.id);
    expect([bench.driver.created, bench.problems]).toEqual([2, []]);
  });

  test("beyond a count that falls those with calls go last", async () => {
    const gate = deferred();
    await using bench = fakeBench({ handler: () => gate.promise });
    const kept = target();
    bench.scheduler.reserve(kept, { count: 3, idleMode: false });
    await until(() => bench.scheduler.instances().filter((one) => one.reserved).length === 3, "three");
    const leases = [1, 2, 3].map(() => bench.scheduler.acquire(kept));
    const [idle, busy, other] = await Promise.all(leases);
    if (idle === undefined || busy === undefined || other === undefined) throw new Error("three of them");
    const call = invoke(busy);
    bench.scheduler.reserve(kept, { count: 1, idleMode: false });
    expect([idle, busy, other].map((lease) => lease.reserved)).toEqual([false, true, false]);
    gate.resolve();
    expect((await call).failure).toBeUndefined();
  });

  test("become ordinary when the count falls while they are leased", async () => {
    await using bench = fakeBench();
    const kept = target();
    bench.scheduler.reserve(kept, { count: 1, idleMode: false });
    await until(() => bench.scheduler.instances().some(({ reserved }) => reserved), "it is there");
    const lease = await bench.scheduler.acquire(kept);
    bench.scheduler.reserve(kept, { count: 0, idleMode: false });
    expect(lease.reserved).toBe(false);
    expect((await invoke(lease, "x")).text).toBe("x");
  });
});
