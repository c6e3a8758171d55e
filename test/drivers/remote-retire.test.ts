import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Driver, InstanceRequest } from "../../platform/drivers/driver.ts";
import { FakeDriver } from "../../platform/drivers/fake/fake-driver.ts";
import { DriverHost } from "../../platform/drivers/remote/driver-host.ts";
import { RemoteDriver } from "../../platform/drivers/remote/remote-driver.ts";
import { deferred, fakeBench, invoke, target, until } from "../scheduler/fixtures.ts";
import { LOADING } from "./subjects.ts";

const RUNTIME = "Node.js20.15";

/** Makes the instance named `late` once it is let. */
class LateDriver extends FakeDriver {
  readonly gate = Promise.withResolvers<void>();
  readonly asked = Promise.withResolvers<void>();

  override async create(request: InstanceRequest): ReturnType<Driver["create"]> {
    if (request.id === "late") {
      this.asked.resolve();
      await this.gate.promise;
    }
    return super.create(request);
  }
}

test("a start that is under way when its scheduler is told to stop is made by another one, and lasts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-retire-"));
  const late = new LateDriver(LOADING);
  const host = (name: string, driver: Driver): Promise<DriverHost> =>
    DriverHost.open({
      path: join(folder, name),
      openDriver: () => Promise.resolve(driver),
      problem: () => undefined,
    });
  const [first, second] = [await host("first", late), await host("second", new FakeDriver(LOADING))];
  const gateway = await RemoteDriver.open({
    runDir: join(folder, "run"),
    codeRoot: folder,
    // The instance that is there has a call to finish.
    duties: { end: () => true },
    problem: () => undefined,
  });
  gateway.follow([join(folder, "first")]);
  await gateway.ready();
  const busy = await gateway.create({ id: "busy", runtime: RUNTIME });
  const start = gateway.create({ id: "late", runtime: RUNTIME });
  await late.asked.promise;
  gateway.follow([join(folder, "first"), join(folder, "second")]);
  await until(() => gateway.connected === 2, "both are there");

  const stopped = first.close(20_000);
  await until(() => gateway.connected === 1, "the first one takes no more");
  late.gate.resolve();
  const made = await start;
  await busy.destroy();
  await stopped;
  expect((await made.usage()).memoryBytes).toBeGreaterThan(0);
  expect(late.alive).toBe(0);

  await gateway.close();
  await second.close();
  rmSync(folder, { recursive: true, force: true });
});

test("an instance that is being stopped already is let finish its calls", async () => {
  const call = deferred();
  await using bench = fakeBench({ handler: () => call.promise });
  const lease = await bench.scheduler.acquire(target({ timeoutSeconds: 20 }));
  const answer = invoke(lease);
  await until(() => lease.link.inFlight === 1, "it runs");
  const [view] = bench.scheduler.instances();
  expect([view, view].map((one) => bench.scheduler.end(one?.id ?? ""))).toEqual([true, true]);
  call.resolve();
  expect((await answer).failure).toBeUndefined();
  await until(() => bench.scheduler.instances().length === 0, "it has ended");
  expect(bench.scheduler.end(view?.id ?? "")).toBe(false);
});
