import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LineHost } from "../../platform/drivers/remote/line-host.ts";

test("nobody listens any more for a link that was given up while the listening began", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-lines-"));
  const lines = await LineHost.open(join(folder, "lines"));
  const ways = [async () => lines.unlisten(folder), () => lines.close()];
  for (const end of ways) {
    const listening = lines.listen(folder);
    const ended = end();
    await listening;
    await ended;
    await expect.poll(() => existsSync(join(folder, "link"))).toBe(false);
    await expect(lines.linked(folder)).rejects.toThrow("nobody listens");
  }
  rmSync(folder, { recursive: true, force: true });
});
