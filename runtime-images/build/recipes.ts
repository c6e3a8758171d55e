import { join } from "node:path";
import { RUNTIMES, type Runtime, type RuntimeFamily } from "../../model/runtimes.ts";
import { installModules } from "../../platform/drivers/process/install/nodejs.ts";
import { FONTS, GATEWAY } from "../../platform/drivers/docker/images.ts";
import { completeCsharp, completeGo, completeJava } from "./compiled.ts";
import type { BaseImage } from "./base-image.ts";
import { pythonPackages, type Part } from "./parts.ts";
import type { Tree } from "./tree.ts";

/** How one image is made. */
export interface Recipe {
  /** A name of model/runtimes.ts, or `fonts`. */
  readonly runtime: string;
  /** Folder of `runtime-images/` with the Dockerfile. */
  readonly folder: string;
  /** Image to build on: the official slim one of the language and version. */
  readonly base: string;
  /** Folders of `runtime-images/` that go into the image. */
  readonly content: readonly string[];
  /** Folders of `runtime-images/` that a stage of the Dockerfile makes something from. */
  readonly source: readonly string[];
  /** Puts into the image what is made on this machine. @throws Error that says what is missing to make it */
  readonly complete: (tree: Tree) => Promise<void>;
  /** What a stage of the Dockerfile installs, for the list of parts. */
  readonly installed?: ((base: BaseImage) => readonly Part[]) | undefined;
  /** First part of the image's tag, without its repository. */
  readonly name: string;
}

/** What differs from family to family; a family without a row has no image. */
interface FamilyRecipe {
  readonly content: readonly string[];
  readonly base: (version: string) => string;
  readonly source?: readonly string[];
  readonly complete?: (tree: Tree, version: string) => Promise<void>;
  readonly installed?: (base: BaseImage) => readonly Part[];
}

const DEBIAN = "debian:bookworm-slim";
/** Runs the bootstraps of families that bring a program of their own. */
const NODE = "node:24-bookworm-slim";

/** Third-party libraries by version of Python. */
const PYTHON_LISTS = "python/libraries";

const FAMILIES: Partial<Record<RuntimeFamily, FamilyRecipe>> = {
  nodejs: {
    content: ["nodejs"],
    base: (version) => `node:${version.split(".")[0]}-slim`,
    complete: async (tree, version) => {
      tree.copy(join(await installModules(version), "node_modules"), "opt/function/node_modules");
    },
  },
  python: {
    content: ["python"],
    base: (version) => `python:${version}-slim`,
    source: [PYTHON_LISTS],
    installed: (base) => pythonPackages(base, PYTHON_LISTS),
  },
  java: { content: [], base: (version) => `eclipse-temurin:${version}-jre`, complete: completeJava },
  go: { content: [], base: () => DEBIAN, complete: completeGo },
  csharp: {
    content: [],
    base: (version) => `mcr.microsoft.com/dotnet/runtime:${version}`,
    complete: completeCsharp,
  },
  php: { content: ["php"], base: (version) => `php:${version}-cli` },
  custom: { content: ["nodejs", "custom"], base: () => NODE },
  http: { content: ["nodejs", "custom", "http"], base: () => NODE },
};

/** The fonts that every instance sees (FAQ 3.8). */
const FONTS_RECIPE: Recipe = {
  runtime: FONTS,
  folder: "fonts",
  base: DEBIAN,
  content: [],
  source: ["fonts"],
  name: "fonts:noto",
  complete: () => Promise.resolve(),
};

/** What private zones and the way out of VPCs run in. */
const GATEWAY_RECIPE: Recipe = {
  runtime: GATEWAY,
  folder: "gateway",
  base: DEBIAN,
  content: [],
  source: ["gateway"],
  name: "gateway:vpc",
  complete: () => Promise.resolve(),
};

/** One recipe for each runtime that has an image, one for the fonts and one for the gateways of VPCs. */
export const RECIPES: readonly Recipe[] = [
  ...RUNTIMES.flatMap((runtime) => {
    const family = FAMILIES[runtime.family];
    return family === undefined ? [] : [recipeOf(runtime, family)];
  }),
  FONTS_RECIPE,
  GATEWAY_RECIPE,
];

function recipeOf({ name, family, version }: Runtime, row: FamilyRecipe): Recipe {
  const { complete } = row;
  const tag = version === "" ? "any" : version;
  return {
    runtime: name,
    folder: family,
    content: row.content,
    source: row.source ?? [],
    installed: row.installed,
    complete: (tree) => complete?.(tree, version) ?? Promise.resolve(),
    base: row.base(version),
    name: `${family}:${tag}`,
  };
}
