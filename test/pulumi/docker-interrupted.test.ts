import { describe, expect, test } from "vitest";
import { DockerStack, freePort, missingForDocker } from "./docker-stack.ts";

/** Some minutes: two dozen runs of Pulumi are interrupted. */
const ASKED = process.env["FUNGRAPH_TEST_DOCKER"] === "all";
const missing = ASKED
  ? await missingForDocker()
  : "docker.test.ts interrupts a platform on Docker at some of its steps; FUNGRAPH_TEST_DOCKER=all takes every one.";
if (missing !== undefined) console.log(`skipped: ${missing}`);

/** Every step of a platform and a function on it, in their order; as the engine says it. */
const MADE = [
  "DockerEngine platform-engine creating",
  "Volume platform-data creating",
  "DockerInstances platform-instances creating",
  "DockerImage platform-platform creating",
  "Container platform creating",
  "DockerAccess platform-access creating",
  "Function hello creating",
  "HttpTrigger hello-greet creating",
];
const REMOVED = [
  "DockerAccess platform-access deleting",
  "Container platform deleting",
  "DockerInstances platform-instances deleting",
  "Volume platform-data deleting",
];

describe.skipIf(missing !== undefined)("a platform on Docker", { timeout: 1_800_000 }, () => {
  test.each(["SIGINT", "SIGKILL"] as const)(
    "interrupted by %s at every step is finished by the next run, and leaves nothing when it goes",
    async (signal) => {
      await using docker = await DockerStack.open(await freePort());
      for (const step of MADE) await docker.interrupt("up", step, signal);
      await docker.must("up");
      expect(await docker.greeting()).toBe("hello");
      expect(await docker.platforms()).toHaveLength(1);
      await docker.must("up", "--expect-no-changes");
      for (const step of REMOVED) await docker.interrupt("destroy", step, signal);
      await docker.must("destroy");
      expect(await docker.inventory()).toEqual([]);
    },
  );
});
