import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { type EngineStep, TestStack } from "./stack.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const HELLO = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  memoryMb: config.getNumber("memoryMb") ?? 128,
  environment: { TEXT: config.get("text") ?? "hello", REGION: "north" },
  encryptedEnvironment: { TOKEN: config.requireSecret("token") },
  dependencies: [new fg.Dependency("numbers", { code: "./numbers", runtime: fg.Runtime.NodeJs20 }).versionId],
});
hello.onAsync("queue", { maxRetries: 2 });
hello.testEvent("order", { event: JSON.stringify({ order: 1 }) });
const current = hello.publish("current");
const prod = hello.alias("prod", { version: current.version });
prod.reserve("warm", { count: 1 });
hello.onTimer("hourly", { every: "1h", enabled: config.getBoolean("hourly") ?? true });
export const url = prod.onHttp("greet", { path: "/greet", auth: fg.HttpAuth.None }).url;
export const urn = hello.functionUrn;
`;

/** Code of a function that answers with a text. */
function answering(body: string): string {
  const reply = { statusCode: 200, headers: {}, body, isBase64Encoded: false };
  return `exports.handler = async (_event, _context) => (${JSON.stringify(reply)});\n`;
}

/** A program with one of everything, on a stack with a secret. */
async function helloStack(platform: TestPlatform): Promise<TestStack> {
  const stack = new TestStack({ program: HELLO, platform: platform.running });
  stack.write("hello/index.js", answering("one"));
  stack.write("numbers/numbers.js", "exports.one = 1;\n");
  await stack.must("stack", "init", "test");
  await stack.must("config", "set", "--secret", "token", "s3cret");
  return stack;
}

/**
 * Names of the resources that a preview would touch, with what would happen and the properties that differ; in the order of the
 * alphabet, since the engine takes those that do not depend on each other as they come.
 */
function told(steps: readonly EngineStep[]): string[] {
  return steps
    .map(({ op, urn, detailedDiff }) =>
      [op, urn.split("::").at(-1), ...Object.keys(detailedDiff ?? {}).sort()].join(" "),
    )
    .sort();
}

describe.skipIf(missing !== undefined).concurrent("under Pulumi's engine", { timeout: 240_000 }, () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await TestPlatform.start();
  });
  afterAll(() => platform[Symbol.asyncDispose]());

  test.each(readdirSync(EXAMPLES))("%s: preview, up, up again, refresh, destroy", async (example) => {
    using stack = new TestStack({ example, platform: platform.running });
    await stack.must("stack", "init", "test");
    const planned = await stack.preview();
    expect(planned.length).toBeGreaterThan(0);
    expect(new Set(planned.map(({ op }) => op))).toEqual(new Set(["create"]));
    await stack.must("up", "--yes", "--skip-preview");
    expect(await stack.preview()).toEqual([]);
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.must("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await stack.must("destroy", "--yes", "--skip-preview");
    const state = await stack.state();
    expect(state.size).toBe(0);
  });
});

describe.skipIf(missing !== undefined)("a stack under Pulumi's engine", { timeout: 240_000 }, () => {
  let platform: TestPlatform;
  let stack: TestStack;
  beforeAll(async () => {
    platform = await TestPlatform.start();
    stack = await helloStack(platform);
    await stack.must("up", "--yes", "--skip-preview");
  }, 120_000);
  afterAll(async () => {
    stack[Symbol.dispose]();
    await platform[Symbol.asyncDispose]();
  });

  test("answers requests, and a second run changes nothing", async () => {
    const { url } = JSON.parse(await stack.must("stack", "output", "--json")) as { url: string };
    expect(await (await fetch(url)).text()).toBe("one");
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  test("keeps its secrets encrypted in the state, by name", async () => {
    const state = await stack.state();
    expect(JSON.stringify([...state])).not.toContain("s3cret");
    expect(state.get("hello")?.outputs?.["encryptedEnvironment"]).toMatchObject({
      TOKEN: { ciphertext: expect.any(String) },
    });
    const shown = await stack.must("preview", "--diff", "--show-sames", "--show-full-output");
    expect(shown).not.toContain("s3cret");
  });

  test("shows one line for one changed property", async () => {
    await stack.must("config", "set", "memoryMb", "256");
    const before = await stack.must("preview", "--diff");
    await stack.must("config", "rm", "memoryMb");
    expect(
      before.split("\n").filter((line) => /^\s*[~+-] \w+\s*:/.test(line) && !line.includes("fungraph:")),
    ).toEqual([
      expect.stringMatching(/~ memoryMb: 128 => 256$/),
      expect.stringMatching(/~ contentDigest: \[secret\] => \[secret\]$/),
      expect.stringMatching(/~ version: "v\d{8}-\d{6}" => \[unknown\]$/),
    ]);
    await stack.must("config", "set", "text", "good day");
    await stack.must("config", "set", "hourly", "false");
    expect(told(await stack.preview())).toEqual([
      "replace hello-current contentDigest",
      "update hello environment.TEXT",
      "update hello-hourly enabled",
      "update hello-prod version",
    ]);
    await stack.must("config", "rm", "text");
    await stack.must("config", "rm", "hourly");
  });

  test("shows old and new hash and size of changed code, and applies it", async () => {
    stack.write("hello/index.js", answering("twice"));
    const steps = await stack.preview();
    expect(told(steps)).toContain("update hello codeDigest codeSize");
    const shown = await stack.must("preview", "--diff");
    expect(shown).toMatch(/~ codeDigest: "[0-9a-f]{128}" => "[0-9a-f]{128}"/);
    expect(shown).toMatch(/~ codeSize {2}: \d+ => \d+/);
    await stack.must("up", "--yes", "--skip-preview");
    const { url } = JSON.parse(await stack.must("stack", "output", "--json")) as { url: string };
    expect(await (await fetch(url)).text()).toBe("twice");
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  test("refresh shows what was changed through the API, and up changes it back", async () => {
    const { functions } = platform.client;
    const { spec } = await functions.get("hello");
    await functions.updateConfig("hello", {
      ...spec,
      timeoutSeconds: 77,
      encryptedEnvironment: { TOKEN: "s3cret" },
    });
    const drift = await stack.must("refresh", "--yes", "--skip-preview", "--diff");
    expect(drift).toContain("~ timeoutSeconds: 3 => 77");
    expect(told(await stack.preview())).toEqual(["update hello timeoutSeconds"]);
    await stack.must("up", "--yes", "--skip-preview");
    expect((await functions.get("hello")).spec.timeoutSeconds).toBe(3);
  });

  test("makes anew what was deleted through the API, after a refresh", async () => {
    const [trigger] = (await platform.client.triggers.list("hello")).filter(
      ({ spec }) => spec.type === "TIMER",
    );
    await platform.client.triggers.delete("hello", "TIMER", trigger?.id ?? "");
    await stack.must("refresh", "--yes", "--skip-preview");
    expect(told(await stack.preview())).toEqual(["create hello-hourly"]);
    await stack.must("up", "--yes", "--skip-preview");
  });

  test("imports what exists into another stack, as it was declared", async () => {
    const state = await stack.state();
    await stack.must("stack", "init", "second");
    await stack.must("config", "set", "--secret", "token", "s3cret");
    for (const [name, type, id] of [
      ["hello", "Function", state.get("hello")?.id],
      ["hello-prod", "Alias", state.get("hello-prod")?.id],
      ["hello-queue", "AsyncInvoke", state.get("hello-queue")?.id],
      ["hello-order", "TestEvent", state.get("hello-order")?.id],
      ["hello-prod-warm", "ReservedInstances", state.get("hello-prod-warm")?.id],
      ["numbers", "Dependency", state.get("numbers")?.id],
      ["hello-hourly", "TimerTrigger", `${state.get("hello")?.id}/${state.get("hello-hourly")?.id}`],
    ] as const) {
      const args = ["--yes", "--protect=false", "--generate-code=false"];
      await stack.must("import", `fungraph:index:${type}`, name, id ?? "", ...args);
    }
    const imported = await stack.state();
    for (const name of ["hello-prod", "hello-queue", "hello-order", "hello-prod-warm"])
      expect(imported.get(name)?.inputs, name).toEqual(state.get(name)?.inputs);
    expect(imported.get("hello-hourly")?.id).toBe(state.get("hello-hourly")?.id);
    const { codeArchive: _place, encryptedEnvironment: _hidden, ...rest } = state.get("hello")?.inputs ?? {};
    expect(imported.get("hello")?.inputs).toMatchObject(rest);
    await stack.must("stack", "select", "test");
  });

  test("destroy leaves nothing behind", async () => {
    await stack.must("destroy", "--yes", "--skip-preview");
    expect((await platform.client.functions.list()).map(({ spec }) => spec.name)).not.toContain("hello");
  });
});
