import { setTimeout as sleep } from "node:timers/promises";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { DockerStack, missingForDocker } from "./docker-stack.ts";
import { ended } from "./stack.ts";

/** Ten minutes: each of some twenty runs of Pulumi is interrupted. */
const ASKED = process.env["FUNGRAPH_TEST_DOCKER"] === "all";
const missing = ASKED
  ? await missingForDocker()
  : "platforms on Docker are interrupted at one step only; FUNGRAPH_TEST_DOCKER=all takes every one.";
if (missing !== undefined) console.log(`skipped: ${missing}`);

const MADE = [
  "DockerEngine platform-engine",
  "Volume platform-data",
  "DockerInstances platform-instances",
  "DockerImage platform-platform",
  "DockerImage platform-node-js20-15",
  "Container platform",
  "DockerAccess platform-access",
  "Function hello",
  "HttpTrigger hello-greet",
];
const REMOVED = [
  "DockerAccess platform-access",
  "Container platform",
  "DockerInstances platform-instances",
  "Volume platform-data",
];

describe.skipIf(missing !== undefined)("a platform on Docker", { timeout: 1_800_000 }, () => {
  test.each(["SIGINT", "SIGKILL"] as const)(
    "interrupted by %s at every step is finished by the next run, and leaves nothing when it goes",
    async (signal) => {
      await using docker = await DockerStack.open(await freePort());
      for (const step of MADE) await interrupt(docker, ["up", ...docker.configure()], step, signal);
      await docker.must("up");
      expect(await docker.greeting()).toBe("hello");
      expect(await docker.platforms()).toHaveLength(1);
      await docker.must("up", "--expect-no-changes");
      for (const step of REMOVED) await interrupt(docker, ["destroy"], step, signal);
      await docker.must("destroy");
      expect(await docker.inventory()).toEqual([]);
    },
  );
});

/** Ends a run as soon as it says that it works on a resource. A step that went by too fast, or was taken already, is no fault. */
async function interrupt(
  { stack }: DockerStack,
  command: readonly string[],
  step: string,
  signal: "SIGINT" | "SIGKILL",
): Promise<void> {
  const run = stack.start(...command, "--yes", "--skip-preview");
  const [kind, name] = step.split(" ");
  let said = "";
  run.stdout?.on("data", (text: Buffer) => {
    said += text.toString();
    const reached = new RegExp(`:${kind} ${name} (creating|deleting)`).test(said);
    if (reached && run.exitCode === null) run.kill(signal);
  });
  const { stderr } = await ended(run);
  expect(said + stderr).not.toContain("please report");
  // What a killed engine's plugins were doing comes to its end.
  await sleep(signal === "SIGKILL" ? 1500 : 0);
  await stack.run("cancel", "--yes");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
