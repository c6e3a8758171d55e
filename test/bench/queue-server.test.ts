import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fungraph-queue-server-"));
  // Nothing is kept of peers, and no npm can bring them.
  vi.stubEnv("XDG_CACHE_HOME", folder);
  vi.stubEnv("PATH", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

test("a queue whose packages cannot be had ends the store that was started for it", async () => {
  const { startQueue } = await import("../../bench/peers/queue-server.ts");
  let ended = 0;
  const store = { url: "", pid: 0, [Symbol.asyncDispose]: async () => void ended++ };
  await expect(startQueue("bullmq", store)).rejects.toThrow("its package cannot be installed here");
  expect(ended).toBe(1);
});
