import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { RUNTIMES } from "../../model/runtimes.ts";
import { RECIPES } from "../../runtime-images/build/recipes.ts";
import { IMAGES } from "../runtimes/languages/language.ts";

const FOLDERS = [...new Set(RECIPES.map(({ folder }) => folder))];
/** Nothing of them runs a function. */
const NO_FUNCTIONS = ["fonts", "gateway"];

/** Instructions with their arguments, lines joined. */
function instructions(folder: string): [name: string, rest: string][] {
  return readFileSync(join(IMAGES, folder, "Dockerfile"), "utf8")
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => [/^\w+/.exec(line)?.[0] ?? "", line.replace(/^\w+\s+/, "")]);
}

test("every runtime but those that bring their own image has a recipe", () => {
  const own = RUNTIMES.filter(({ family }) => !["image", "cangjie"].includes(family)).map(({ name }) => name);
  expect(RECIPES.map(({ runtime }) => runtime)).toEqual(expect.arrayContaining(own));
});

test("bases are official images of one version each", () => {
  for (const { runtime, base } of RECIPES) {
    expect(base, runtime).toMatch(/^[a-z./-]+:[\w.-]+$/);
    expect(base, runtime).not.toMatch(/:latest$/);
  }
});

describe.each(FOLDERS)("the Dockerfile of %s", (folder) => {
  const all = instructions(folder);
  const named = (name: string): string[] => all.filter(([one]) => one === name).map(([, rest]) => rest);

  test("takes its base as ARG, and builds on nothing else", () => {
    expect(named("ARG")[0]).toMatch(/^BASE=[a-z./-]+:[\w.-]+$/);
    for (const from of named("FROM")) expect(from).toMatch(/^(\$\{BASE\}|scratch)( AS \w+)?$/);
    expect(RECIPES.filter((one) => one.folder === folder).map(({ base }) => base)).toContain(
      named("ARG")[0]?.slice("BASE=".length),
    );
  });

  test("fetches nothing by address, and needs no other builder", () => {
    for (const added of [...named("ADD"), ...named("COPY")]) expect(added).not.toMatch(/:\/\/|^git@/);
    for (const run of named("RUN")) expect(run).not.toMatch(/curl |wget |<<|--mount/);
    expect(readFileSync(join(IMAGES, folder, "Dockerfile"), "utf8")).not.toMatch(/^# *syntax=/m);
  });

  test("installs from lists with checksums, and takes no time into its layers", () => {
    for (const run of named("RUN")) {
      if (/pip install/.test(run)) expect(run).toContain("--require-hashes");
      if (/npm (i|install|ci)\b/.test(run)) expect(run).toContain("npm ci");
      if (/compileall|pip install/.test(run)) expect(run).toContain("SOURCE_DATE_EPOCH");
    }
  });

  test.skipIf(NO_FUNCTIONS.includes(folder))("runs as user 1003 in the folder of functions", () => {
    expect(named("USER")).toEqual(["1003:1003"]);
    expect(named("WORKDIR")).toEqual(["/opt/function"]);
    expect(named("ENTRYPOINT")).toHaveLength(1);
    expect(() => JSON.parse(named("ENTRYPOINT")[0] ?? "") as unknown).not.toThrow();
    expect(named("ADD")).toEqual(["rootfs.tar /"]);
  });
});
