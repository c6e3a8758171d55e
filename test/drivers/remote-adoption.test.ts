import { beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { Bench, invoke, target, until } from "../scheduler/fixtures.ts";
import { containersOf } from "./docker-subject.ts";
import { remoteSubject, SchedulerProcess } from "./remote-subject.ts";
import { OPEN_DOOR } from "./tenant.ts";

const RUNTIME = "Node.js20.15";
const missing = await noEngine();
if (missing !== undefined) console.log(`that containers outlive schedulers is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("containers of a scheduler that is killed", () => {
  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, RUNTIME);
    engine.close();
  }, 600_000);

  test("go on without a failed call, and are its successor's to limit and to end", async () => {
    const first = await SchedulerProcess.start("docker");
    const subject = await remoteSubject("docker", [first]);
    let last = first;
    try {
      await using bench = new Bench(subject.driver);
      const codeDir = subject.code("a", OPEN_DOOR);
      const lease = await bench.scheduler.acquire(target({ codeDir, timeoutSeconds: 30 }));
      const call = (js: string): ReturnType<typeof invoke> => invoke(lease, JSON.stringify({ js }), 30_000);
      await call("globalThis.count = 1;");
      const slow = call("await new Promise((done) => setTimeout(done, 4000)); return ++globalThis.count;");
      await until(() => lease.link.inFlight === 1, "the slow call runs");
      await first.crash();
      for (let left = 20; left > 0; left -= 1)
        expect(await call("return globalThis.count > 0;")).toMatchObject({ text: "true" });
      last = await first.again();
      await until(() => subject.driver.connected === 1, "the successor is there");
      expect(await slow).toMatchObject({ failure: undefined, text: "2" });
      expect(await call("return globalThis.count;")).toMatchObject({ text: "2" });

      // What nobody has brought to the successor goes; the rest is still there.
      const isLeft = (name: string): boolean => name.startsWith(`${first.child.pid}-`);
      await expect.poll(async () => (await last.leftovers()).some(isLeft), { timeout: 30_000 }).toBe(false);
      expect(await call("return globalThis.count;")).toMatchObject({ text: "2" });
      // Beyond its memory: who watches it now ends it.
      const flood = "globalThis.kept = Buffer.alloc(700 * 1024 * 1024, 1); await new Promise(() => {});";
      expect(await call(flood)).toMatchObject({ failure: "memory" });
      const next = await bench.scheduler.acquire(target({ codeDir }));
      expect(await invoke(next, JSON.stringify({ js: "return 6 * 7" }))).toMatchObject({ text: "42" });
      await subject.driver.close();
      expect(await last.leftovers()).toEqual([]);
      expect(await containersOf(first.child.pid ?? 0)).toEqual([]);
    } finally {
      await subject.driver.close();
      await last.kill();
      subject.remove();
    }
  }, 90_000);
});
