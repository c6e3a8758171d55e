import { type ChildProcess, execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { ended, type Said, TestStack } from "./stack.ts";
import { type Step, StepGate } from "./step-gate.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROGRAM = `
import * as fg from "fungraph";

const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
});
const v1 = hello.publish("v1", { versionName: "v1" });
const prod = hello.alias("prod", { version: v1.version });
prod.onHttp("greet", { path: "/greet" });
hello.onTimer("hourly", { every: "1h" });
`;

/** Every call of the first `up` that changes something on the platform. */
const CALLS = [/\/functions$/, /\/versions$/, /\/aliases$/, /\/triggers\//];

interface Ending {
  readonly how: string;
  /** Whether the end comes before the platform has heard the call, or before its answer has been. */
  readonly moments: readonly Step["when"][];
  readonly end: (engine: ChildProcess) => void;
}

const ENDINGS: readonly Ending[] = [
  // What has begun is finished before the run ends, so there is no other moment.
  { how: "Ctrl-C", moments: ["before"], end: (engine) => engine.kill("SIGINT") },
  { how: "kill -9 of the engine", moments: ["before", "after"], end: (engine) => engine.kill("SIGKILL") },
  {
    how: "kill -9 of the provider",
    moments: ["before", "after"],
    end: (engine) => process.kill(providerOf(engine), "SIGKILL"),
  },
];

describe.skipIf(missing !== undefined)("an interrupted up", { timeout: 240_000 }, () => {
  let platform: TestPlatform;
  let gate: StepGate;
  beforeAll(async () => {
    platform = await TestPlatform.start();
    gate = await StepGate.open(platform.running);
  });
  afterAll(async () => {
    await gate[Symbol.asyncDispose]();
    await platform[Symbol.asyncDispose]();
  });

  test.each(ENDINGS)(
    "by $how at every step is finished by the next one, with nothing made twice",
    async ({ moments, end }) => {
      const through = { ...platform.running, endpoint: gate.endpoint };
      using stack = new TestStack({ program: PROGRAM, platform: through });
      stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
      await stack.must("stack", "init", "test");
      for (const path of CALLS)
        for (const when of moments) {
          const interrupted = await interrupt(stack, gate.next({ method: "POST", path, when }), end);
          expect(interrupted.code, `${when} ${path}: ${interrupted.stdout}`).not.toBe(0);
          // An engine that was killed has left its lock.
          await stack.run("cancel", "--yes");
        }
      await stack.must("up", "--yes", "--skip-preview");
      await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
      expect(await inventory(platform)).toEqual(["APIG", "TIMER", "hello", "latest", "prod", "v1"]);
      await stack.must("destroy", "--yes", "--skip-preview");
      expect(await platform.client.functions.list()).toEqual([]);
    },
  );
});

/** Starts an up, waits until the step is reached, ends the run and lets the step go on. */
async function interrupt(
  stack: TestStack,
  reached: Promise<() => void>,
  end: (engine: ChildProcess) => void,
): Promise<Said> {
  const engine = stack.start("up", "--yes", "--skip-preview");
  const said = ended(engine);
  const release = await Promise.race([reached, said.then(({ stdout }) => Promise.reject(new Error(stdout)))]);
  const provider = providerOf(engine);
  end(engine);
  // What comes after a kill -9 finds nobody; after a Ctrl-C the provider still hears the answer.
  setTimeout(release, 300);
  const how = await said;
  await gone(provider);
  return how;
}

/** Waits until a process is no more. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(50);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The provider's process, found among the engine's children. */
function providerOf(engine: ChildProcess): number {
  const table = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" });
  const line = table
    .split("\n")
    .find(
      (each) =>
        each.trim().split(/\s+/)[1] === String(engine.pid) && each.includes("pulumi-resource-fungraph"),
    );
  if (line === undefined) throw new Error(`the engine has no provider: ${table}`);
  return Number(line.trim().split(/\s+/)[0]);
}

/** Names and types of everything that the function has. */
async function inventory({ client }: TestPlatform): Promise<string[]> {
  const functions = await client.functions.list();
  const versions = await client.versions.list("hello");
  const aliases = await client.aliases.list("hello");
  const triggers = await Promise.all(
    ["hello", aliasUrn(functions[0]?.urn ?? "")].map((urn) => client.triggers.list(urn)),
  );
  return [
    ...functions.map(({ spec }) => spec.name),
    ...versions.map(({ version }) => version),
    ...aliases.map(({ spec }) => spec.name),
    ...new Map(triggers.flat().map(({ id, spec }) => [id, spec.type])).values(),
  ].sort();
}

function aliasUrn(urn: string): string {
  return urn.replace(/:latest$/, ":!prod");
}
