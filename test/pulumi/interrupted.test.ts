import type { ChildProcess } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { TimerEventData, TriggerSpec } from "../../model/trigger.ts";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { interrupt, providerOf } from "./interruption.ts";
import { TestStack } from "./stack.ts";
import { type Step, StepGate } from "./step-gate.ts";

const missing = missingEngine();
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  environment: { TEXT: config.get("text") ?? "hello" },
});
const current = hello.publish("current");
const prod = hello.alias("prod", { version: current.version });
prod.onHttp("greet", { path: "/greet" });
prod.onTimer("hourly", { every: config.get("every") ?? "1h" });
`;

interface Phase {
  readonly command: string;
  /** Every call of the command that changes something on the platform, in their order. */
  readonly calls: readonly Omit<Step, "when">[];
}

const CREATION: Phase = {
  command: "up",
  calls: [
    { method: "POST", path: /\/functions$/ },
    { method: "POST", path: /\/versions$/ },
    { method: "POST", path: /\/aliases$/ },
    { method: "POST", path: /\/triggers\// },
  ],
};
const CHANGE: Phase = {
  command: "up",
  calls: [
    { method: "PUT", path: /\/config$/ },
    { method: "PUT", path: /\/code$/ },
    { method: "POST", path: /\/versions$/ },
    { method: "PUT", path: /\/aliases\// },
    { method: "DELETE", path: /\/triggers\// },
    { method: "DELETE", path: /\/functions\/[^/]+:v[^/]+$/ },
  ],
};
const DESTRUCTION: Phase = {
  command: "destroy",
  calls: [
    { method: "DELETE", path: /\/triggers\// },
    { method: "DELETE", path: /\/aliases\// },
    { method: "DELETE", path: /\/functions\/[^/]+:v[^/]+$/ },
    { method: "DELETE", path: /\/functions\/[^/]+$/ },
  ],
};

interface Interrupted {
  readonly stack: TestStack;
  readonly gate: StepGate;
}

interface Ending {
  readonly how: string;
  /** Whether the end comes before the platform has heard the call, or before its answer has been. */
  readonly moment: Step["when"];
  readonly end: (engine: ChildProcess) => void;
  /** What is under way in the provider is finished: the second call of one change is never a moment of its own. */
  readonly finishes: boolean;
}

const ENDINGS: readonly Ending[] = [
  { how: "Ctrl-C", moment: "before", finishes: true, end: (engine) => engine.kill("SIGINT") },
  {
    how: "kill -9 of the engine",
    moment: "after",
    finishes: false,
    end: (engine) => engine.kill("SIGKILL"),
  },
  {
    how: "kill -9 of the provider",
    moment: "after",
    finishes: false,
    end: (engine) => process.kill(providerOf(engine), "SIGKILL"),
  },
];

describe.skipIf(missing !== undefined)("an interrupted up", { timeout: 480_000 }, () => {
  test.each(ENDINGS)(
    "by $how at every step is finished by the next one, with nothing made twice",
    async (ending) => {
      await using platform = await TestPlatform.start();
      await using gate = await StepGate.open(platform.running);
      const through = { ...platform.running, endpoint: gate.endpoint };
      using stack = new TestStack({ program: PROGRAM, platform: through });
      stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
      await stack.must("stack", "init", "test");
      await interruptAll({ stack, gate }, CREATION, ending);
      await stack.must("up", "--yes", "--skip-preview");
      expect(await inventory(platform)).toEqual(["APIG", "TIMER 1h", "hello", "latest", "prod", "v"]);
      stack.write("hello/index.js", "exports.handler = async (_event, _context) => 2;\n");
      await stack.must("config", "set", "text", "good day");
      await stack.must("config", "set", "every", "2h");
      await interruptAll({ stack, gate }, CHANGE, ending);
      await stack.must("up", "--yes", "--skip-preview");
      await stack.must("up", "--yes", "--skip-preview", "--expect-no-changes");
      expect(await inventory(platform)).toEqual(["APIG", "TIMER 2h", "hello", "latest", "prod", "v"]);
      expect(await platform.call("hello")).toBe(2);
      await interruptAll({ stack, gate }, DESTRUCTION, ending);
      await stack.must("destroy", "--yes", "--skip-preview");
      expect(await platform.client.functions.list()).toEqual([]);
    },
  );
});

/** Ends the phase's command at every step. */
async function interruptAll({ stack, gate }: Interrupted, phase: Phase, ending: Ending): Promise<void> {
  const when = ending.moment;
  for (const call of phase.calls.filter(({ path }) => !ending.finishes || !path.test("/code"))) {
    const reached = gate.next({ ...call, when });
    const interrupted = await interrupt(stack, phase.command, reached, ending.end);
    // A destroy that Ctrl-C has ended calls itself a success.
    if (phase.command === "up")
      expect(interrupted.code, `${when} ${call.path}: ${interrupted.stdout}`).not.toBe(0);
    // An engine that was killed has left its lock.
    await stack.run("cancel", "--yes");
  }
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
    ...versions.map(({ version }) => (version === "latest" ? version : "v")),
    ...aliases.map(({ spec }) => spec.name),
    ...new Map(triggers.flat().map(({ id, spec }) => [id, nameOf(spec)])).values(),
  ].sort();
}

function nameOf({ type, eventData }: TriggerSpec): string {
  return type === "TIMER" ? `${type} ${(eventData as TimerEventData).schedule}` : type;
}

function aliasUrn(urn: string): string {
  return urn.replace(/:latest$/, ":!prod");
}
