import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { interrupt } from "./interruption.ts";
import { TestStack } from "./stack.ts";
import { StepGate } from "./step-gate.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const runtime = config.get("runtime") ?? fg.Runtime.NodeJs20;
const hello = new fg.Function("hello", { runtime, handler: "index.handler", code: "./hello" });
if (config.getBoolean("release")) hello.publish("release", { versionName: "release" });
if (config.getBoolean("current")) {
  const current = hello.publish("current");
  hello.alias("prod", { version: current.version });
}
`;

/** Every setting is another one after each edit; the resources are made one after the other. */
const PARTS = `
import { readFileSync } from "node:fs";
import * as fg from "fungraph";

const edits = Number(readFileSync("edits", "utf8"));
const description = "after " + edits;
const hello = new fg.Function("hello", { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" });
const first = hello.publish("first", { versionName: "v1", description: edits > 0 ? "edited" : "" });
const prod = hello.alias("prod", { version: first.version, description });
const timer = prod.onTimer("hourly", { every: edits + 1 + "h" });
const { aliasUrn: functionUrn } = prod;
const warm = new fg.ReservedInstances("warm", { functionUrn, count: edits % 2 + 1 }, { dependsOn: timer });
const queue = new fg.AsyncInvoke("queue", { functionUrn, maxRetries: edits % 4 }, { dependsOn: warm });
hello.testEvent("order", { event: JSON.stringify({ edits }) }, { dependsOn: queue });
`;

/** The calls that make them. */
const MAKING = [
  { method: "POST", path: /\/versions$/ },
  { method: "POST", path: /\/aliases$/ },
  { method: "POST", path: /\/triggers\// },
  { method: "PUT", path: /\/reservedinstances$/ },
  { method: "PUT", path: /\/async-invoke-config$/ },
  { method: "POST", path: /\/events$/ },
] as const;

function answering(answer: number): string {
  return `exports.handler = async (_event, _context) => ${answer};\n`;
}

async function stackOn(running: TestPlatform["running"]): Promise<TestStack> {
  const stack = new TestStack({ program: PROGRAM, platform: running });
  stack.write("hello/index.js", answering(1));
  await stack.must("stack", "init", "test");
  return stack;
}

const UP = ["up", "--yes", "--skip-preview"] as const;

describe.skipIf(missing !== undefined)("the next up repairs", { timeout: 480_000 }, () => {
  test("a function whose creation was killed, though code and runtime are edited by now", async () => {
    await using platform = await TestPlatform.start();
    await using gate = await StepGate.open(platform.running);
    using stack = await stackOn({ ...platform.running, endpoint: gate.endpoint });
    const reached = gate.next({ method: "POST", path: /\/functions$/, when: "after" });
    await interrupt(stack, "up", reached, (engine) => engine.kill("SIGKILL"));
    await stack.run("cancel", "--yes");
    expect((await platform.client.functions.list()).length).toBe(1);
    stack.write("hello/index.js", answering(2));
    await stack.must("config", "set", "runtime", "Node.js18.15");
    await stack.must(...UP);
    await stack.must(...UP, "--expect-no-changes");
    expect(await platform.call("hello")).toBe(2);
    expect((await platform.client.functions.get("hello")).spec.runtime).toBe("Node.js18.15");
    await stack.must("destroy", "--yes", "--skip-preview");
    expect(await platform.client.functions.list()).toEqual([]);
  });

  test("whatever else was being made when the run was killed, though the program is edited by now", async () => {
    await using platform = await TestPlatform.start();
    await using gate = await StepGate.open(platform.running);
    using stack = new TestStack({
      program: PARTS,
      platform: { ...platform.running, endpoint: gate.endpoint },
    });
    stack.write("hello/index.js", answering(1));
    await stack.must("stack", "init", "test");
    stack.write("edits", "0");
    for (const [index, call] of MAKING.entries()) {
      const reached = gate.next({ ...call, when: "after" });
      await interrupt(stack, "up", reached, (engine) => engine.kill("SIGKILL"));
      await stack.run("cancel", "--yes");
      stack.write("edits", String(index + 1));
    }
    await stack.must(...UP);
    await stack.must(...UP, "--refresh", "--expect-no-changes");
    const { client } = platform;
    expect((await client.versions.list("hello")).map(({ version }) => version).sort()).toEqual([
      "latest",
      "v1",
    ]);
    expect(await client.aliases.list("hello")).toHaveLength(1);
    expect((await client.aliases.list("hello"))[0]?.spec.description).toBe(`after ${MAKING.length}`);
    expect(await client.triggers.list(platform.urn("hello").replace(/latest$/, "!prod"))).toHaveLength(1);
    expect(await client.testEvents.list("hello")).toHaveLength(1);
    await stack.must("destroy", "--yes", "--skip-preview");
    expect(await client.functions.list()).toEqual([]);
  });

  test("nothing, where a named version goes whose content another one follows", async () => {
    await using platform = await TestPlatform.start();
    using stack = await stackOn(platform.running);
    await stack.must("config", "set-all", "--plaintext", "release=true", "--plaintext", "current=true");
    await stack.must(...UP);
    await stack.must("config", "rm", "release");
    await stack.must(...UP);
    const prod = (await stack.state()).get("hello-prod")?.id ?? "";
    expect(await platform.call(prod)).toBe(1);
    await stack.must(...UP, "--refresh", "--expect-no-changes");
    stack.write("hello/index.js", answering(2));
    await stack.must(...UP);
    expect(await platform.call(prod)).toBe(2);
    expect((await platform.client.versions.list("hello")).map(({ version }) => version)).not.toContain(
      "release",
    );
  });

  test("what a full disk of the platform refused", async ({ skip }) => {
    const folder = mkdtempSync(join(tmpdir(), "fungraph-full-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", folder]);
    if (mounted.status !== 0) {
      rmdirSync(folder);
      skip("no right to mount a small disk");
    }
    try {
      await using platform = await TestPlatform.start(join(folder, "data"));
      using stack = await stackOn(platform.running);
      const ballast = join(folder, "ballast");
      fill(ballast);
      const first = await stack.run(...UP);
      expect(first.code, first.stdout).not.toBe(0);
      expect(first.stdout).toMatch(/disk.*full/i);
      rmSync(ballast);
      await stack.must(...UP);
      fill(ballast);
      stack.write("hello/index.js", answering(2));
      await stack.must("config", "set", "current", "true");
      const second = await stack.run(...UP);
      expect(second.code, second.stdout).not.toBe(0);
      expect(second.stdout).toMatch(/disk.*full/i);
      rmSync(ballast);
      await stack.must(...UP);
      await stack.must(...UP, "--expect-no-changes");
      expect(await platform.call("hello")).toBe(2);
    } finally {
      spawnSync("umount", ["-l", folder]);
      rmdirSync(folder);
    }
  });
});

/** Writes until the disk takes nothing more. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 12, 1])
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch {
      // Full for pieces of this size.
    }
}
