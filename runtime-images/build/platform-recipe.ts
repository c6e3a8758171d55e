import { readFileSync } from "node:fs";
import { posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Recipe } from "./recipes.ts";
import type { Tree } from "./tree.ts";

/** The project's own folder. */
const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = "opt/fungraph";
/** Programs by the names that they are started by. */
const PROGRAMS = {
  serve: "platform/image/serve.ts",
  health: "platform/image/health.ts",
  // Found beside the program by the name of its source.
  thread: "platform/workshop/thread.ts",
};
const TEMPLATES = "platform/templates";
/** Packages that were written for CommonJS ask for their modules in its way. */
const REQUIRE = `import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);`;

/** The platform itself, for a container beside its instances. */
export const PLATFORM_RECIPE: Recipe = {
  runtime: "platform",
  folder: "../platform/image",
  base: "node:24-bookworm-slim",
  content: [],
  source: [],
  name: "platform:any",
  complete: completePlatform,
};

/** Puts the platform and all that it imports into an image, as a few files of plain JavaScript: no packages, no types. */
async function completePlatform(tree: Tree): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: PROGRAMS,
    outdir: FOLDER,
    bundle: true,
    splitting: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node24",
    charset: "utf8",
    legalComments: "inline",
    banner: { js: REQUIRE },
    logLevel: "silent",
  });
  for (const { path, contents } of outputFiles) {
    const name = relative(PROJECT, path).replace(/\bthread\.js$/, "thread.ts");
    tree.file(name, Buffer.from(contents));
  }
  for (const kind of ["functions", "applications"])
    tree.copy(`${PROJECT}${TEMPLATES}/${kind}`, posix.join(FOLDER, kind));
  tree.file(posix.join(FOLDER, "LICENSE"), readFileSync(`${PROJECT}LICENSE`));
  tree.file(posix.join(FOLDER, "package.json"), '{ "type": "module" }\n');
}
