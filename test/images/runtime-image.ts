import { execFileSync } from "node:child_process";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import { buildImage, type BuiltImage } from "../../runtime-images/build/build-image.ts";
import { RECIPES, type Recipe } from "../../runtime-images/build/recipes.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { base, type BaseName } from "./bases.ts";

/** Images of tests are kept apart from those that a developer uses. */
export const REPOSITORY = "fungraph-test";

/** By the folder of the Dockerfile. Where a language's own base can be made of Debian; the others run on the platform's Node.js, or need nothing. */
const BASES: Readonly<Record<string, BaseName>> = {
  nodejs: "nodejs",
  python: "python",
  java: "java",
  php: "php",
  csharp: "csharp",
  go: "debian",
  custom: "nodejs",
  http: "nodejs",
  fonts: "debian",
  gateway: "debian",
};

/** Why the image of a runtime cannot be made here, for example for want of a compiler; undefined when it can. */
export async function unbuildable(runtime: string): Promise<string | undefined> {
  try {
    await recipeOf(runtime).complete(new Tree());
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The image of a runtime on a base made here; takes minutes the first time. */
export async function runtimeImage(engine: Engine, runtime: string, fresh = false): Promise<BuiltImage> {
  const recipe = recipeOf(runtime);
  const name = BASES[recipe.folder];
  if (name === undefined) throw new Error(`no base for ${runtime} can be made here`);
  return buildImage(engine, { ...recipe, base: await base(engine, name) }, { repository: REPOSITORY, fresh });
}

/** Digests of an image's layers. */
export async function layersOf(engine: Engine, image: string): Promise<readonly string[]> {
  const question = { method: "GET", path: `/images/${image}/json` } as const;
  const { RootFS } = await engine.ask<{ RootFS: { Layers: readonly string[] } }>(question);
  return RootFS.Layers;
}

/** A text file of an image, out of a container that never starts. */
export async function readFromImage(engine: Engine, image: string, path: string): Promise<string> {
  const json = { Image: image, Cmd: ["none"] };
  const { Id } = await engine.ask<{ Id: string }>({ method: "POST", path: "/containers/create", json });
  try {
    const archive = `/containers/${Id}/archive?path=${encodeURIComponent(path)}`;
    const input = await engine.bytes({ method: "GET", path: archive });
    return execFileSync("tar", ["-xO"], { input, encoding: "utf8", maxBuffer: 1 << 26 });
  } finally {
    await engine.ask({ method: "DELETE", path: `/containers/${Id}` });
  }
}

function recipeOf(runtime: string): Recipe {
  const recipe = RECIPES.find((each) => each.runtime === runtime);
  if (recipe === undefined) throw new Error(`there is no image for ${runtime}`);
  return recipe;
}
