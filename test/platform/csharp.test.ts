import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, type TestContext } from "vitest";
import { normalizeFunction, type FunctionSpec } from "../../model/function.ts";
import { compileForPlatform } from "../runtimes/languages/csharp.ts";
import { archive, dataFolder, type PlatformProcess } from "./support.ts";

const RUNTIME = "C#(.NET Core 3.1)";

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: PlatformProcess;
let assembly: Buffer;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await folder.start({ poolSize: 1 });
  if (row()?.available === true)
    assembly = await readFile(await compileForPlatform(join(import.meta.dirname, "csharp")));
}, 120_000);

afterAll(async () => {
  await platform.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

function row(): { available: boolean; detail: string } | undefined {
  return platform.facts.runtimes.find(({ runtime }) => runtime === RUNTIME);
}

function need(context: TestContext): void {
  if (row()?.available !== true) context.skip(row()?.detail ?? "no C# on this machine");
}

async function deploy(name: string, method: string, more: Partial<FunctionSpec> = {}): Promise<void> {
  const handler = `Hello::Example.Program::${method}`;
  const spec = normalizeFunction({ name, runtime: RUNTIME, handler, memoryMb: 256, ...more });
  const file = await archive({ "Hello.dll": assembly });
  await platform.client.functions.create(spec, { type: "zip", file, filename: "hello.zip" });
}

describe("C#", () => {
  test("initializer, context, environment and log", { timeout: 60_000 }, async (context) => {
    need(context);
    await deploy("csharp-all", "All", {
      initializer: { handler: "Hello::Example.Program::Init", timeoutSeconds: 10 },
      environment: { KEY: "value" },
    });
    const reply = await platform.client.invocations.invoke("csharp-all", '{"word":"hello"}', { tail: true });
    const values = JSON.parse(reply.result.toString()) as unknown[];
    expect(values.slice(0, 6)).toEqual([true, "csharp-all", "value", "value", 256, true]);
    if (platform.facts.isolation.inForce.some((one) => one.includes("user 1003")))
      expect(values.slice(6)).toEqual(["/opt/function"]);
    expect(reply.log).toMatch(new RegExp(`${reply.requestId} asked hello`));
  });

  test(
    "concurrent requests share an instance, and each has its own log",
    { timeout: 60_000 },
    async (context) => {
      need(context);
      await deploy("csharp-many", "Many", { concurrency: 4, timeoutSeconds: 20 });
      const replies = await Promise.all(
        [0, 1, 2, 3].map((i) => platform.client.invocations.invoke("csharp-many", String(i), { tail: true })),
      );
      for (const [i, reply] of replies.entries()) {
        expect(reply.result.toString()).toBe(reply.requestId);
        expect(reply.log?.match(/of \d/g)).toEqual([`of ${String(i)}`]);
      }
    },
  );
});
