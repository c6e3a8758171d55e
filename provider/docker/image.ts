import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Recipe } from "../../runtime-images/build/recipes.ts";
import { diffProperties, type DiffRules } from "../diff.ts";
import { checkInputs, type InputRules } from "../input-check.ts";
import { RefusedError, type ResourceLogic } from "../resource.ts";
import { UNKNOWN } from "../unknown.ts";
import { engineHost, unlessGone, withEngine } from "./engine-access.ts";
import { removeImages } from "./sweep.ts";

interface ImageInputs {
  readonly runtime: string;
  readonly repository: string;
  readonly sourceDigest: string;
  readonly base?: string | undefined;
  readonly host?: string | undefined;
}

type ImageState = ImageInputs & { readonly reference: string; readonly imageId: string };

const PLATFORM = "platform";

const schema = {
  inputs: z.strictObject({
    runtime: z.string().describe("A runtime, fonts, gateway, or platform for the platform itself."),
    repository: z.string().min(1).describe("First part of the image's name."),
    base: z
      .string()
      .optional()
      .describe("Image to build on; the official slim one of the language where it is left out."),
    host: engineHost,
    sourceDigest: z
      .string()
      .default("")
      .describe("Hash of what the image is made from; the provider fills it in."),
  }),
  outputs: z.object({
    reference: z.string().describe("Name with a tag made of the image's content."),
    imageId: z.string().describe("Id that the engine gave it."),
  }),
};

const rules: InputRules<ImageInputs> = {
  schema: schema.inputs,
  standIns: { runtime: PLATFORM, repository: PLATFORM, sourceDigest: "" },
  faults: () => [],
};

const differ: DiffRules = {
  inputs: ["runtime", "repository", "base", "host", "sourceDigest"],
  replace: ["runtime", "repository", "host"],
  identity: ["runtime", "repository", "host"],
};

/** Built as `fungraph images build` builds, under names of its stack's own, so that its deletion takes nothing from anybody. */
export const dockerImageLogic: ResourceLogic<ImageInputs, ImageState> = {
  about: "An image for linux/amd64 on a Docker Engine, made of Fungraph's own files.",
  apart: true,
  schema,
  fixed: differ.replace,
  secrets: [],

  check(given) {
    const { inputs, faults } = checkInputs(rules, given);
    if (faults.length > 0) return { inputs, faults };
    return { inputs: { ...inputs, sourceDigest: digestOf(inputs.runtime) }, faults };
  },

  diff: (old, next) => diffProperties(differ, old, next),

  predict: (inputs, _place, old) => {
    const same = old !== undefined && diffProperties(differ, { ...old }, { ...inputs }).changes.length === 0;
    return { reference: same ? old.reference : UNKNOWN, imageId: same ? old.imageId : UNKNOWN };
  },

  async create(_context, inputs) {
    const state = await build(inputs);
    return { id: `${inputs.repository}/${inputs.runtime}`, state };
  },

  async read(_context, id, known) {
    const { reference = "", host } = known;
    return withEngine(host, async (engine) => {
      const path = `/images/${reference}/json`;
      const found = await unlessGone(engine.ask<{ Id: string }>({ method: "GET", path }));
      return found && { id, state: { ...(known as ImageState), imageId: found.Id } };
    });
  },

  async update(_context, _id, _old, next) {
    return build(next);
  },

  async delete(_context, _id, { repository, reference, host }) {
    await withEngine(host, (engine) => removeImages(engine, repository, (tag) => tag === reference));
  },
};

/** Older images of the same kind go, unless containers still use them; then they go with the next one, or with the platform. */
async function build(inputs: ImageInputs): Promise<ImageState> {
  const { host, repository, runtime, base } = inputs;
  const recipe = await recipeOf(runtime);
  const { buildImage } = await import("../../runtime-images/build/build-image.ts");
  return withEngine(host, async (engine) => {
    const { id, tag } = await buildImage(engine, { ...recipe, base: base ?? recipe.base }, { repository });
    const kind = `${repository}/${recipe.name}-`;
    await removeImages(engine, repository, (each) => each.startsWith(kind) && each !== tag);
    return { ...inputs, reference: tag, imageId: id };
  });
}

async function recipeOf(runtime: string): Promise<Recipe> {
  if (runtime === PLATFORM) {
    const { PLATFORM_RECIPE } = await import("../../runtime-images/build/platform-recipe.ts");
    return PLATFORM_RECIPE;
  }
  const { RECIPES } = await import("../../runtime-images/build/recipes.ts");
  const recipe = RECIPES.find((each) => each.runtime === runtime);
  if (recipe !== undefined) return recipe;
  const names = RECIPES.map((each) => each.runtime).join(", ");
  throw new RefusedError(
    `There is no image of ${JSON.stringify(runtime)}. Choose from: ${names}. (FSS.0400)`,
  );
}

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
/** What the platform's image is made from, and what all others are. */
const SOURCES = {
  platform: ["model", "packaging", "platform", "package.json"],
  others: ["runtime-images"],
};
const digests = new Map<readonly string[], string>();

/** The same as long as the package is: a preview tells from it whether an image is to be built, and needs no engine. */
function digestOf(runtime: string): string {
  const sources = runtime === PLATFORM ? SOURCES.platform : SOURCES.others;
  const known = digests.get(sources);
  if (known !== undefined) return known;
  const hashes = sources.flatMap((name) => hashesOf(join(PROJECT, name), name)).sort();
  const digest = hash("sha256", hashes.join("\n"), "hex").slice(0, 32);
  digests.set(sources, digest);
  return digest;
}

function hashesOf(path: string, name: string): string[] {
  if (name === "package.json") return [hashOf(path, name)];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".pyc"))
    .map((entry) => hashOf(join(entry.parentPath, entry.name), name));
}

function hashOf(path: string, root: string): string {
  return `${path.slice(PROJECT.length)} ${root} ${hash("sha256", readFileSync(path), "hex")}`;
}
