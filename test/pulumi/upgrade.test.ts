import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TestApi } from "../api/fixtures.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const RECORDED = fileURLToPath(new URL("recorded", import.meta.url));
/** A file in the folder of each recorded program. */
const STATE = "state.json";
/**
 * How to record: write a program into a folder here, called after the version and what is new in it, and type
 * `RECORD=0.1.0-surroundings npx vitest run test/pulumi/upgrade.test.ts`.
 * What that version leaves of the program stands beside it then, and every later version has to leave it alone. Neither
 * ever changes; a new kind of resource gets a program of its own.
 */
const version = process.env["RECORD"];
/** What a platform is made of: its images follow the project's own files, so every version has something to change there. */
const CONTAINERS = /:Docker\w+$/;
const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** A recorded program, on a stack of its own. */
async function recordedStack(name: string, platform?: TestApi): Promise<TestStack> {
  const stack = new TestStack({ program: "", ...(platform && { platform: placeOf(platform) }) });
  cpSync(join(RECORDED, name), stack.folder, { recursive: true });
  await stack.must("stack", "init", "test");
  return stack;
}

describe.skipIf(missing !== undefined)(
  "a stack that an earlier version has left",
  { timeout: 240_000 },
  () => {
    const recorded = readdirSync(RECORDED).filter((name) => existsSync(join(RECORDED, name, STATE)));

    test.each(recorded)("%s: this version has nothing to change in it", async (name) => {
      using stack = await recordedStack(name);
      await stack.must("config", "set", "fungraph:projectId", "project");
      await stack.must("config", "set", "fungraph:region", "local");
      await stack.must("stack", "import", "--file", STATE);
      const steps = await stack.preview();
      expect(steps.map(({ op, urn, detailedDiff }) => ({ op, urn, detailedDiff }))).toEqual([]);
      // Nothing has to be done, so no platform has to be there.
      await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
    });

    test("has every kind of resource of the package in it", () => {
      const schema = readFileSync(new URL("../../docs/schema.json", import.meta.url), "utf8");
      const { resources } = JSON.parse(schema) as { resources: object };
      const states = recorded.map((name) => readFileSync(join(RECORDED, name, STATE), "utf8")).join("");
      for (const type of Object.keys(resources).filter((one) => !CONTAINERS.test(one)))
        expect(states).toContain(`"type": "${type}"`);
    });

    test.runIf(version !== undefined)("is recorded, when RECORD names a version", async () => {
      // The control plane alone has all kinds; nothing has to run.
      await using platform = await TestApi.start();
      const file = join(RECORDED, version ?? "", STATE);
      using stack = await recordedStack(version ?? "", platform);
      await stack.must("up", "--yes", "--skip-preview");
      const state = await stack.must("stack", "export");
      if (existsSync(file))
        throw new Error(`${file} is there already; what was recorded once never changes.`);
      writeFileSync(file, withoutPlace(state).replaceAll(platform.credential.projectId, "project"));
    });
  },
);

function placeOf({ url, credential }: TestApi): ConstructorParameters<typeof TestStack>[0]["platform"] & {} {
  return { endpoint: url, region: "local", ...credential };
}

/** Leaves out where the programs of this machine lie. */
function withoutPlace(state: string): string {
  return `${JSON.stringify(
    JSON.parse(state),
    (key, value: unknown) => (key === "sourcePosition" || key === "stackTrace" ? undefined : value),
    1,
  )}\n`;
}
