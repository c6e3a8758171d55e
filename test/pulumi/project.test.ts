import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeConnection } from "../../client/connection-file.ts";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

test.skipIf(missing !== undefined)(
  "pulumi up with the published package deploys a program that has nothing else",
  { timeout: 120_000 },
  async () => {
    await using platform = await TestPlatform.start();
    using stack = TestStack.ofPackage(`
      import * as fg from "fungraph";
      const hello = new fg.Function("hello", { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" });
      export const urn = hello.functionUrn;
    `);
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    await stack.must("stack", "init", "test");
    await writeConnection(join(stack.folder, ".fungraph"), { ...platform.running, pid: process.pid });
    await stack.must("up", "--yes", "--skip-preview");
    expect(await platform.call("hello")).toBe(1);
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
  },
);

describe.skipIf(missing !== undefined)("pulumi up in the project's own folder", { timeout: 120_000 }, () => {
  test("deploys the photo API to the platform that serves the folder, and it answers", async () => {
    await using platform = await TestPlatform.start();
    using stack = TestStack.ofProject();
    await stack.must("stack", "init", "test");
    // As `fungraph platform start` leaves it.
    await writeConnection(join(stack.folder, ".fungraph"), { ...platform.running, pid: process.pid });
    await stack.must("up", "--yes", "--skip-preview");
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    const { url } = JSON.parse(await stack.must("stack", "output", "--json")) as { url: string };
    const photo = readFileSync(join(stack.folder, "examples/photo-api/photo.jpg"));
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "image/jpeg" },
      body: photo,
    });
    expect(reply.status).toBe(200);
    expect(Buffer.from(await reply.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    await stack.must("destroy", "--yes", "--skip-preview");
    expect(await platform.client.functions.list()).toEqual([]);
  });
});
