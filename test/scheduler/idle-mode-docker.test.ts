import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { dockerSubject } from "../drivers/docker-subject.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { Bench, invoke, target, until } from "./fixtures.ts";

const missing = await noEngine();
if (missing !== undefined) console.log(`idle mode in containers is not tested: ${missing}`);

const CODE = `
let last = Date.now(), still = 0;
setInterval(() => { const now = Date.now(); still = Math.max(still, now - last); last = now; }, 10);
exports.handler = async (event, context) => Math.max(still, Date.now() - last);`;

describe.skipIf(missing !== undefined)("idle mode in containers", () => {
  test("an instance that nothing calls is paused, and a call wakes it", { timeout: 600_000 }, async () => {
    const engine = new Engine();
    await runtimeImage(engine, "Node.js20.15");
    engine.close();
    const subject = await dockerSubject();
    {
      await using bench = new Bench(subject.driver);
      const kept = target({ codeDir: subject.code("still", CODE) });
      bench.scheduler.reserve(kept, { count: 1, idleMode: true });
      const paused = (): boolean => bench.scheduler.instances().some((one) => one.paused);
      await until(paused, "it is paused before its first call", 30_000);
      const lease = await bench.scheduler.acquire(kept);
      expect(await invoke(lease)).toMatchObject({ failure: undefined });
      // The answer may come before the engine has said that it woke it.
      await until(() => !paused(), "it is awake", 30_000);
      await until(paused, "it is paused after its first call", 30_000);
      await delay(600);
      expect(Number((await invoke(lease)).text)).toBeGreaterThanOrEqual(500);
      expect(bench.problems).toEqual([]);
    }
    expect(await subject.leftovers()).toEqual([]);
    subject.remove();
  });
});
