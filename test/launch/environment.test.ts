import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { nodeArguments } from "../../launch/node.mjs";

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

/** Makes much that lives for a while, and says how large V8 let the space for it grow. */
const BUSY = `
const { getHeapSpaceStatistics } = require("node:v8");
const kept = [];
for (let at = 0; at < 3_000_000; at++) kept[at % 300_000] = { at };
console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size);
`;

test("what was just made has little room, in the command and in its image", () => {
  const { stdout } = spawnSync(process.execPath, [...nodeArguments, "--eval", BUSY], { encoding: "utf8" });
  const bytes = Number(stdout);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
  const dockerfile = readFileSync(join(ROOT, "platform", "image", "Dockerfile"), "utf8");
  const forV8 = nodeArguments.filter((one) => one.startsWith("--max-"));
  expect(JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? "")).toEqual([
    "node",
    ...forV8,
    "/opt/fungraph/serve.js",
  ]);
});
