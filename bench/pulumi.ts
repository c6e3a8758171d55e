import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { missingEngine } from "../test/pulumi/engine/binary.ts";
import { TestStack } from "../test/pulumi/stack.ts";
import { startServer } from "./server.ts";

const PROVIDER = fileURLToPath(new URL("../provider/pulumi-resource-fungraph", import.meta.url));

/** A hundred functions that share their code, as a program. */
const PROGRAM = `
import * as fg from "fungraph";
for (let at = 0; at < 100; at++)
  new fg.Function("hello-" + at, {
    runtime: fg.Runtime.NodeJs20,
    handler: "index.handler",
    code: "./hello",
    environment: { NUMBER: String(at) },
  });
`;
const EMPTY = "export {};\n";

/** Milliseconds of one kind of run, sorted; none where the machine has no engine. */
interface Time {
  readonly name: string;
  readonly goal: string;
  readonly ms: readonly number[];
}

/** Times a piece of work, but not what it answers to clean up after it. */
type Take = (name: string, work: () => Promise<(() => Promise<void>) | void>) => Promise<void>;

/** What a person waits for with Pulumi, each beside what the same machine needs for nothing: interleaved, in rounds. */
export async function measurePulumi(rounds: number): Promise<readonly Time[]> {
  const runs = new Map<string, number[]>();
  const take: Take = async (name, work) => {
    const began = performance.now();
    const cleanUp = await work();
    runs.set(name, [...(runs.get(name) ?? []), performance.now() - began]);
    await cleanUp?.();
  };
  for (let at = 0; at < 3 * rounds; at++) {
    await take("node", startNode);
    await take("provider", startProvider);
  }
  if (missingEngine() === undefined) await measureStacks(rounds, take);
  return [
    { name: "node -e 0", goal: "", ms: ascending(runs.get("node")) },
    { name: "start of the provider", goal: "≤ 250", ms: ascending(runs.get("provider")) },
    { name: "pulumi preview, empty program", goal: "", ms: ascending(runs.get("empty")) },
    {
      name: "pulumi preview, 100 unchanged functions",
      goal: "≤ 3,000",
      ms: ascending(runs.get("preview")),
    },
    { name: "pulumi up, 100 unchanged functions", goal: "≤ 5,000", ms: ascending(runs.get("up")) },
  ];
}

async function measureStacks(rounds: number, take: Take): Promise<void> {
  await using server = await startServer("platform-server.ts");
  const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = server.facts;
  const platform = { endpoint, projectId, accessKey, secretKey, region: "local" };
  using empty = new TestStack({ program: EMPTY, platform });
  using full = new TestStack({ program: PROGRAM, platform });
  full.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
  for (const stack of [empty, full]) {
    await stack.must("stack", "init", "bench");
    await stack.must("up", "--yes", "--skip-preview");
  }
  for (let at = 0; at < rounds; at++) {
    await take("empty", async () => void (await empty.must("preview")));
    await take("preview", async () => void (await full.must("preview", "--expect-no-changes")));
    await take("up", async () => void (await full.must("up", "--yes", "--expect-no-changes")));
  }
}

async function startNode(): Promise<void> {
  await once(spawn(process.execPath, ["-e", "0"]), "exit");
}

/** From the start of the process to the line with its port, which Pulumi waits for. */
async function startProvider(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [PROVIDER, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return () => endProvider(child);
}

/** As Pulumi ends it: one that is killed leaves no compiled code for the next start. */
async function endProvider(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGINT");
  await ended;
}

function ascending(values: readonly number[] = []): number[] {
  return values.toSorted((one, other) => one - other);
}
