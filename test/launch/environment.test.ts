import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a program that the project starts finds in its environment. */
function environmentOf(own: NodeJS.ProcessEnv): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-launch-"));
  try {
    const program = join(folder, "program.mjs");
    writeFileSync(program, "process.stdout.write(JSON.stringify(process.env));");
    const args = [join(ROOT, "scripts", "run.mjs"), relative(ROOT, program)];
    const { stdout } = spawnSync(process.execPath, args, {
      env: { ...process.env, ...own },
      encoding: "utf8",
    });
    return JSON.parse(stdout) as Record<string, string>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("memory that is free is given back, unless somebody says otherwise", () => {
  const found = environmentOf({ MALLOC_ARENA_MAX: "7", MALLOC_TRIM_THRESHOLD_: undefined });
  expect(found).toMatchObject({ MALLOC_ARENA_MAX: "7", MALLOC_TRIM_THRESHOLD_: "131072" });
});
