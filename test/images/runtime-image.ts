import type { RuntimeFamily } from "../../model/runtimes.ts";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import { buildImage, type BuiltImage } from "../../runtime-images/build/build-image.ts";
import { RECIPES } from "../../runtime-images/build/recipes.ts";
import { base, type BaseName } from "./bases.ts";

/** Images of tests are kept apart from those that a developer uses. */
export const REPOSITORY = "fungraph-test";

/** Where a language's own base can be made of Debian; the others run on the platform's Node.js, or need nothing. */
const BASES: Partial<Record<RuntimeFamily, BaseName>> = {
  nodejs: "nodejs",
  python: "python",
  java: "java",
  php: "php",
  go: "debian",
  custom: "nodejs",
  http: "nodejs",
};

/** The image of a runtime on a base made here; takes minutes the first time. */
export async function runtimeImage(engine: Engine, runtime: string, fresh = false): Promise<BuiltImage> {
  const recipe = RECIPES.find((each) => each.runtime === runtime);
  const name = BASES[recipe?.family ?? "cangjie"];
  if (recipe === undefined || name === undefined) throw new Error(`no image of ${runtime} can be made here`);
  return buildImage(engine, { ...recipe, base: await base(engine, name) }, { repository: REPOSITORY, fresh });
}
