import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LeaseError } from "../../platform/scheduler/scheduler.ts";
import { leftoversOf, processSubject, type ProcessSubject } from "../drivers/subjects.ts";
import { Bench, invoke, target, until } from "./fixtures.ts";

/** The scheduler over real processes. */
describe("scheduler with the process driver", () => {
  let subject: ProcessSubject;
  let bench: Bench<ProcessSubject["driver"]>;

  beforeAll(async () => {
    subject = await processSubject("auto");
    bench = new Bench(subject.driver, { warmPerRuntime: 1 });
    bench.scheduler.prepare(["Node.js20.15"]);
  });

  afterAll(async () => {
    await bench[Symbol.asyncDispose]();
    expect(leftoversOf(join(subject.folder, "run"))).toEqual([]);
    expect(bench.problems).toEqual([]);
    subject.remove();
  });

  const acquire = (name: string, source: string) =>
    bench.scheduler.acquire(target({ name, codeDir: subject.code(name, source) }));

  test("a warm instance becomes the function and answers", async () => {
    const lease = await acquire(
      "hello",
      `exports.handler = async (event, context) =>
        [event.n, context.getFunctionName(), process.env.RUNTIME_MEMORY, process.env.RUNTIME_CODE_ROOT];`,
    );
    const codeRoot = subject.driver.capabilities.limitsMemory
      ? "/opt/function/code"
      : join(subject.folder, "code/hello");
    expect(JSON.parse((await invoke(lease, '{"n":1}')).text)).toEqual([1, "hello", "128", codeRoot]);
    await bench.scheduler.release(lease);
  });

  test("output of the process and its children is log of the running call", async () => {
    const lease = await acquire(
      "prints",
      `exports.handler = async (event, context) => {
         require("child_process").spawnSync("sh", ["-c", "echo from a child; echo and its errors >&2"], { stdio: "inherit" });
         await new Promise((done) => setTimeout(done, 50));
       };`,
    );
    const { logs } = await invoke(lease);
    expect([...logs].sort()).toEqual(["and its errors", "from a child"]);
    await bench.scheduler.release(lease);
  });

  test("a function without its file fails to load, with the runtime's words", async () => {
    const error = (await acquire("empty", "").catch((reason: unknown) => reason)) as LeaseError;
    expect(error.kind).toBe("load");
    expect(error.body.toString()).toContain("function entry exception, error: ");
  });

  test("a function that exits while it loads is a crash", async () => {
    const error = (await acquire("exits", "process.exit(9)").catch(
      (reason: unknown) => reason,
    )) as LeaseError;
    expect(error).toMatchObject({ kind: "crash", message: "the instance exited with code 9" });
  });

  test("a call that ends its process fails as a crash and the instance is forgotten", async () => {
    const lease = await acquire(
      "dies",
      "exports.handler = async (event, context) => process.kill(process.pid, 'SIGSEGV')",
    );
    const { failure, text } = await invoke(lease);
    expect(failure).toBe("crash");
    expect(text).toContain("SIGSEGV");
    await until(() => bench.scheduler.instances().length === 0, "forgotten");
  });

  test("a call that eats memory fails with the guide's words", async () => {
    if (!subject.driver.capabilities.limitsMemory) return;
    // The kernel would bear it: its line leaves room for a full /tmp.
    const lease = await acquire(
      "eats",
      `exports.handler = async (event, context) => {
         const a = [];
         for (let n = 0; n < 75; n++) { a.push(Buffer.alloc(1 << 22, 1)); await 0; }
         await new Promise((done) => setTimeout(done, 1e9));
         return a.length;
       }`,
    );
    const { failure, text } = await invoke(lease, "{}", 25_000);
    expect(failure).toBe("memory");
    expect(text).toContain("runtime memory limit exceeded");
  });

  test("an instance that ends with its /tmp full failed for its disk", async () => {
    if (!subject.driver.capabilities.limitsMemory) return;
    const lease = await acquire(
      "fills",
      `exports.handler = async (event, context) => {
         const fs = require("fs"); const fd = fs.openSync("/tmp/big", "w"); const piece = Buffer.alloc(4 << 20, 1);
         try { for (;;) fs.writeSync(fd, piece); } catch { process.exit(1); }
       };`,
    );
    expect((await invoke(lease)).failure).toBe("disk");
  });

  test("a call that computes for ever is ended", async () => {
    const lease = await acquire("spins", "exports.handler = async (event, context) => { for (;;); }");
    expect((await invoke(lease, "{}", 200)).failure).toBe("timeout");
    await until(() => bench.scheduler.instances().length === 0, "ended");
  });

  test("Python functions run likewise", async () => {
    const rows = await subject.driver.runtimes();
    if (!rows.some(({ runtime, available }) => runtime === "Python3.12" && available))
      return console.log("Python functions are not tested: no Python 3.12 or newer here");
    const codeDir = subject.code("python", "");
    writeFileSync(join(codeDir, "index.py"), "def handler(event, context):\n    return {'n': event['n']}\n");
    const lease = await bench.scheduler.acquire(target({ name: "python", runtime: "Python3.12", codeDir }));
    expect(JSON.parse((await invoke(lease, '{"n":2}')).text)).toEqual({ n: 2 });
    await bench.scheduler.release(lease);
    return undefined;
  });
});
