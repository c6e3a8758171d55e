import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

new fg.Platform("platform");
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  memoryMb: new pulumi.Config().getNumber("memoryMb") ?? 128,
});
hello.onTimer("hourly", { every: pulumi.output(new pulumi.Config().get("every") ?? "1h") });
`;

async function stackOf(platform?: TestPlatform): Promise<TestStack> {
  const stack = new TestStack({ program: PROGRAM, ...(platform && { platform: platform.running }) });
  stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
  await stack.must("stack", "init", "test");
  return stack;
}

describe.skipIf(missing !== undefined)("a refusal under Pulumi's engine", { timeout: 120_000 }, () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await TestPlatform.start();
  });
  afterAll(() => platform[Symbol.asyncDispose]());

  test("a preview needs no platform; what has to be done says how to start one", async () => {
    using stack = await stackOf();
    expect((await stack.preview()).map(({ op }) => op)).toEqual(["create", "create", "create"]);
    const { code, stdout } = await stack.run("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(stdout).toContain("Start one there with `npx fungraph platform start` and run this again");
  });

  test("an address where nobody answers is named, and the next up goes on", async () => {
    using stack = await stackOf(platform);
    const port = await closedPort();
    await stack.must("config", "set", "fungraph:endpoint", `http://127.0.0.1:${port}`);
    const { code, stdout } = await stack.run("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(stdout).toContain(`the platform at http://127.0.0.1:${port} gave no answer`);
    expect(stdout).toContain(
      "Check the address, and that the platform runs there (`fungraph platform start`).",
    );
    await stack.must("config", "rm", "fungraph:endpoint");
    await stack.must("up", "--yes", "--skip-preview");
    await stack.must("destroy", "--yes", "--skip-preview");
  });

  test("keys that are missing are asked for by name, and a wrong setting is told at once", async () => {
    using stack = await stackOf();
    await stack.must("config", "set", "fungraph:endpoint", platform.running.endpoint);
    const bare = await stack.run("up", "--yes", "--skip-preview");
    expect(bare.stdout).toContain(
      "`pulumi config set --secret fungraph:secretKey ...` or FUNGRAPH_SECRET_KEY",
    );
    await stack.must("config", "set", "fungraph:endpont", "http://127.0.0.1:1");
    const wrong = await stack.run("preview");
    expect(wrong.code).not.toBe(0);
    expect(wrong.stdout).toContain('Unrecognized key: "endpont"');
  });

  test("what the program says wrong fails the preview, known at once or only later", async () => {
    using stack = await stackOf(platform);
    await stack.must("config", "set", "memoryMb", "3");
    const early = await stack.run("preview");
    expect(early.code).not.toBe(0);
    expect(early.stdout).toContain('Function "hello" has invalid arguments:');
    expect(early.stdout).toContain("memoryMb: 3 — must be one of 128, 256");
    await stack.must("config", "set", "memoryMb", "128");
    await stack.must("config", "set", "every", "61m");
    const late = await stack.run("preview");
    expect(late.code).not.toBe(0);
    expect(late.stdout).toMatch(/fungraph:index:TimerTrigger resource 'hello-hourly'.*schedule.*"61m"/s);
    expect(late.stdout).not.toMatch(/unhandled|at .*\.ts:\d+/);
  });

  test("a resource of somebody else is not taken over", async () => {
    using stack = await stackOf(platform);
    const other = await platform.function("hello", "other");
    await platform.create(other);
    const { code, stdout } = await stack.run("up", "--yes", "--skip-preview");
    expect(code).not.toBe(0);
    expect(stdout).toContain("the platform has another function of that name already, with other code");
    expect(await platform.call("hello")).toEqual({ text: "other" });
  });
});

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
