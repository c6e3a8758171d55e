import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, until } from "./support.ts";

interface Health {
  readonly asyncWaiting: number;
  readonly asyncRunning: number;
  readonly asyncSuccess: number;
  readonly logBytesDropped: number;
}

/** Writes until the disk takes nothing more. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 12, 1])
    try {
      for (;;) appendFileSync(file, Buffer.alloc(size));
    } catch {
      // Full for pieces of this size.
    }
}

test(
  "a full disk stops neither calls nor the platform, and nothing is accepted that cannot be kept",
  { timeout: 60_000 },
  async ({ skip }) => {
    await using folder = await dataFolder();
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", folder.path]);
    if (mounted.status !== 0) skip("no right to mount a small disk");
    try {
      await using platform = await folder.start();
      await platform.deploy(
        "echo",
        `exports.handler = async (event, context) => { console.log("x".repeat(5000)); return 1; };`,
      );
      await platform.client.invocations.invoke("echo", "{}");
      const ballast = join(folder.path, "ballast");
      fill(ballast);
      const refused = await until(() =>
        platform.client.invocations.invokeAsync("echo", "{}").then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
      expect(refused).toMatchObject({
        status: 507,
        code: "FSS.1302",
        message: expect.stringContaining("The disk of the data folder is full") as string,
      });
      expect((await platform.client.invocations.invoke("echo", "{}")).errorCode).toBe(0);
      const full = await until(async () => {
        await platform.client.invocations.invoke("echo", "{}");
        const health = await platform.get<Health>("health");
        return health.logBytesDropped > 0 && health;
      });
      rmSync(ballast);
      await platform.client.invocations.invokeAsync("echo", "{}");
      await until(
        async () => (await platform.get<Health>("health")).asyncSuccess > (full ? full.asyncSuccess : 0),
      );
    } finally {
      spawnSync("umount", ["-l", folder.path]);
    }
  },
);

test(
  "what was accepted before the disk was full runs, and its end is kept when there is room again",
  { timeout: 60_000 },
  async ({ skip }) => {
    await using folder = await dataFolder();
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", folder.path]);
    if (mounted.status !== 0) skip("no right to mount a small disk");
    try {
      await using platform = await folder.start();
      const code = `exports.handler = async (event, context) => { await new Promise((go) => setTimeout(go, 500)); return event; };`;
      await platform.deploy("slow", code, { concurrency: 10, timeoutSeconds: 10 });
      await platform.client.invocations.invoke("slow", "{}");
      const accepted = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          platform.client.invocations.invokeAsync("slow", JSON.stringify({ n })),
        ),
      );
      expect(new Set(accepted).size).toBe(20);
      const ballast = join(folder.path, "ballast");
      fill(ballast);
      // All have run by now, and where their ends could not be written they are still called running or waiting.
      await platform.client.invocations.invoke("slow", "{}");
      await platform.client.invocations.invoke("slow", "{}");
      rmSync(ballast);
      const end = await until(async () => {
        const health = await platform.get<Health>("health");
        return health.asyncSuccess >= 20 && health;
      });
      expect(end).toMatchObject({ asyncSuccess: 20, asyncWaiting: 0, asyncRunning: 0 });
    } finally {
      spawnSync("umount", ["-l", folder.path]);
    }
  },
);
