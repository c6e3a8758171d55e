import { spawnSync } from "node:child_process";
import { appendFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder, PlatformProcess, until } from "./support.ts";

interface Health {
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
      await using platform = await PlatformProcess.start({ dataDir: folder.path });
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
        status: expect.any(Number) as number,
        code: expect.stringMatching(/^FSS/) as string,
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
