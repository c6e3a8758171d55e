import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const code = { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" };
for (const place of ["north", "south"]) {
  const provider = new fg.Provider(place, {
    endpoint: config.require(place + "-endpoint"),
    projectId: config.require(place + "-project"),
    accessKey: config.require(place + "-key"),
    secretKey: config.require(place + "-secret"),
  });
  new fg.Function(place, code, { provider }).publish("v1", { versionName: "v1" });
}
`;

describe.skipIf(missing !== undefined)("a program for several platforms", { timeout: 120_000 }, () => {
  test("deploys to each what is meant for it, and keeps their keys encrypted", async () => {
    await using north = await TestPlatform.start();
    await using south = await TestPlatform.start();
    using stack = new TestStack({ program: PROGRAM });
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    await stack.must("stack", "init", "test");
    for (const [name, { running }] of Object.entries({ north, south }))
      for (const [key, value] of [
        ["endpoint", running.endpoint],
        ["project", running.projectId],
        ["key", running.accessKey],
        ["secret", running.secretKey],
      ] as const)
        await stack.must("config", "set", "--plaintext", `${name}-${key}`, value);
    await stack.must("up", "--yes", "--skip-preview");
    await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    for (const [name, platform] of Object.entries({ north, south })) {
      expect((await platform.client.functions.list()).map(({ spec }) => spec.name)).toEqual([name]);
      expect(JSON.stringify([...(await stack.state())])).not.toContain(platform.running.secretKey);
    }
    // Another address of the same project is the same platform: nothing is made anew.
    await stack.must(
      "config",
      "set",
      "north-endpoint",
      north.running.endpoint.replace("127.0.0.1", "localhost"),
    );
    expect(await stack.preview()).toEqual([]);
    // Another project is another platform.
    await stack.must("config", "set", "north-project", "0123456789abcdef0123456789abcdef");
    expect((await stack.preview()).map(({ op }) => op)).toContain("replace");
  });
});
