import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const RECORDED = fileURLToPath(new URL("recorded", import.meta.url));
/** A file in the folder of each recorded program. */
const STATE = "state.json";
/** `RECORD=0.1.0 npx vitest run test/pulumi/upgrade.test.ts` records what this version leaves of the program in that folder. */
const version = process.env["RECORD"];
/** What a platform without containers does not have; it is recorded nowhere. */
const CONTAINERS = /:(Docker\w+|Vpc|NatGateway|FileSystem|(OpenSource)?KafkaTrigger)$/;
const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** A recorded program, on a stack of its own. */
async function recordedStack(name: string, platform?: TestPlatform): Promise<TestStack> {
  const stack = new TestStack({ program: "", ...(platform && { platform: platform.running }) });
  cpSync(join(RECORDED, name), stack.folder, { recursive: true });
  await stack.must("stack", "init", "test");
  return stack;
}

describe.skipIf(missing !== undefined)(
  "a stack that an earlier version has left",
  { timeout: 120_000 },
  () => {
    const recorded = readdirSync(RECORDED).filter((name) => existsSync(join(RECORDED, name, STATE)));

    test.each(recorded)("%s: this version has nothing to change in it", async (name) => {
      using stack = await recordedStack(name);
      await stack.must("config", "set", "fungraph:projectId", "project");
      await stack.must("config", "set", "fungraph:region", "local");
      await stack.must("stack", "import", "--file", STATE);
      const steps = await stack.preview();
      expect(steps.map(({ op, urn, detailedDiff }) => ({ op, urn, detailedDiff }))).toEqual([]);
    });

    test("has every kind of resource of the package in it", () => {
      const schema = readFileSync(new URL("../../docs/schema.json", import.meta.url), "utf8");
      const { resources } = JSON.parse(schema) as { resources: object };
      const states = recorded.map((name) => readFileSync(join(RECORDED, name, STATE), "utf8")).join("");
      for (const type of Object.keys(resources).filter((one) => !CONTAINERS.test(one)))
        expect(states).toContain(`"type": "${type}"`);
    });

    test.runIf(version !== undefined)("is recorded, when RECORD names a version", async () => {
      await using platform = await TestPlatform.start();
      const file = join(RECORDED, version ?? "", STATE);
      using stack = await recordedStack(version ?? "", platform);
      await stack.must("up", "--yes", "--skip-preview");
      const state = await stack.must("stack", "export");
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
