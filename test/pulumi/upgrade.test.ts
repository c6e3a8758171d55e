import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const RECORDED = fileURLToPath(new URL("recorded", import.meta.url));
/** `RECORD=0.1.0 npx vitest run test/pulumi/upgrade.test.ts` records the stack as this version leaves it. */
const version = process.env["RECORD"];
const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** The recorded program, on a stack of its own. */
async function recordedStack(platform?: TestPlatform): Promise<TestStack> {
  const stack = new TestStack({ program: "", ...(platform && { platform: platform.running }) });
  cpSync(RECORDED, stack.folder, { recursive: true });
  await stack.must("stack", "init", "test");
  return stack;
}

describe.skipIf(missing !== undefined)(
  "a stack that an earlier version has left",
  { timeout: 120_000 },
  () => {
    const states = readdirSync(RECORDED).filter((name) => name.endsWith(".json"));

    test.each(states)("%s: this version has nothing to change in it", async (state) => {
      using stack = await recordedStack();
      await stack.must("config", "set", "fungraph:projectId", "project");
      await stack.must("config", "set", "fungraph:region", "local");
      cpSync(join(RECORDED, state), join(stack.folder, "state.json"));
      await stack.must("stack", "import", "--file", "state.json");
      const steps = await stack.preview();
      expect(steps.map(({ op, urn, detailedDiff }) => ({ op, urn, detailedDiff }))).toEqual([]);
    });

    test("has every kind of resource of the package in it", () => {
      const schema = readFileSync(new URL("../../docs/schema.json", import.meta.url), "utf8");
      const { resources } = JSON.parse(schema) as { resources: object };
      const newest = readFileSync(join(RECORDED, states.sort().at(-1) ?? ""), "utf8");
      for (const type of Object.keys(resources)) expect(newest).toContain(`"type": "${type}"`);
    });

    test.runIf(version !== undefined)("is recorded, when RECORD names a version", async () => {
      await using platform = await TestPlatform.start();
      using stack = await recordedStack(platform);
      await stack.must("up", "--yes", "--skip-preview");
      const state = await stack.must("stack", "export");
      const file = join(RECORDED, `${version}.json`);
      if (existsSync(file))
        throw new Error(`${file} is there already; what was recorded once never changes.`);
      writeFileSync(file, withoutPlace(state).replaceAll(platform.running.projectId, "project"));
    });
  },
);

/** Leaves out where the programs of this machine lie. */
function withoutPlace(state: string): string {
  return `${JSON.stringify(
    JSON.parse(state),
    (key, value: unknown) => (key === "sourcePosition" || key === "stackTrace" ? undefined : value),
    1,
  )}\n`;
}
