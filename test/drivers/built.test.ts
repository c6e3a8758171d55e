import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { built, type Recipe } from "../../platform/drivers/process/languages/built.ts";

const run = promisify(execFile);
const MODULE = pathToFileURL(
  join(import.meta.dirname, "../../platform/drivers/process/languages/built.ts"),
).href;

let folder: string;
let made: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fungraph-built-"));
  made = 0;
  mkdirSync(join(folder, "sources/deep"), { recursive: true });
  writeFileSync(join(folder, "sources/deep/one"), "1");
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

function recipe(change: Partial<Recipe> = {}): Recipe {
  return {
    name: "thing",
    sources: [join(folder, "sources")],
    with: "compiler 1",
    make: async (target) => {
      made += 1;
      await writeFile(join(target, "result"), `made ${String(made)}`);
    },
    ...change,
  };
}

test("the same sources are built once, others anew", async () => {
  const first = await built(recipe());
  expect(readFileSync(join(first, "result"), "utf8")).toBe("made 1");
  expect(await built(recipe())).toBe(first);
  expect(await built(recipe({ with: "compiler 2" }))).not.toBe(first);
  writeFileSync(join(folder, "sources/deep/one"), "2");
  expect(await built(recipe())).not.toBe(first);
  expect(made).toBe(3);
});

test("a build that fails leaves nothing behind, and the next one tries again", async () => {
  const failing = recipe({ make: () => Promise.reject(new Error("no compiler")) });
  await expect(built(failing)).rejects.toThrow("no compiler");
  expect(readdirSync(join(folder, "cache/fungraph"))).toEqual([]);
  expect(existsSync(join(await built(recipe()), "result"))).toBe(true);
});

test("processes that build at the same time get the same, whole result", async () => {
  const script = `
    import { built } from ${JSON.stringify(MODULE)};
    import { writeFileSync } from "node:fs";
    const make = async (target) => {
      for (let i = 0; i < 50; i++) {
        writeFileSync(target + "/" + i, "x");
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    console.log(await built({ name: "thing", sources: [${JSON.stringify(join(folder, "sources"))}], with: "", make }));`;
  const all = await Promise.all(
    [1, 2, 3].map(() => run(process.execPath, ["--input-type=module", "-e", script])),
  );
  const [path = "", ...others] = all.map(({ stdout }) => stdout.trim());
  expect(others).toEqual([path, path]);
  expect(readdirSync(path)).toHaveLength(50);
  expect(readdirSync(join(folder, "cache/fungraph"))).toHaveLength(1);
});

test("a build forgets those of its name that nobody used for a month", async () => {
  const old = await built(recipe());
  const other = await built(recipe({ name: "other-thing" }));
  const longAgo = new Date(Date.now() - 40 * 24 * 3_600_000);
  const killed = join(old, "../.thing-x1y2z3");
  mkdirSync(killed);
  for (const path of [old, other, killed]) utimesSync(path, longAgo, longAgo);
  await built(recipe({ with: "compiler 2" }));
  expect([old, other, killed].map((path) => existsSync(path))).toEqual([false, true, false]);
});
