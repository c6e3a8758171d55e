import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fungraph } from "../cli/command.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const folders = (await readdir(EXAMPLES, { withFileTypes: true })).filter((entry) => entry.isDirectory());

describe.each(folders.map((entry) => entry.name))("the example %s", { timeout: 180_000 }, (name) => {
  const folder = join(EXAMPLES, name);

  test("deploys and gives the answers that expect.json holds", async () => {
    const data = await mkdtemp(join(tmpdir(), "fungraph-example-"));
    try {
      const { code, stdout, stderr } = await fungraph(["dev", folder, "--try", "--exit", "--data", data]);
      expect(code, stdout + stderr).toBe(0);
      const [, right, all] = /(\d+) of (\d+) answers right/.exec(stdout) ?? [];
      expect(Number(right)).toBeGreaterThan(0);
      expect(right).toBe(all);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });

  test("declares the same bytes everywhere", async () => {
    const { code, stdout, stderr } = await fungraph(["synth", folder]);
    expect(code, stderr).toBe(0);
    await expect(stdout).toMatchFileSnapshot(`snapshots/${name}.json`);
  });
});
