import type { Argv, CommandModule } from "yargs";
import type { Engine } from "../../platform/drivers/docker/engine.ts";
import type { BuiltImage } from "../../runtime-images/build/build-image.ts";
import type { Recipe } from "../../runtime-images/build/recipes.ts";
import { UserError } from "../exit.ts";
import { formatBytes } from "../terminal/measure.ts";
import { during, note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options {
  runtimes: string[];
  base: string | undefined;
  fresh: boolean;
  json: boolean;
}

/** `fungraph images build`: the images that the docker driver makes instances of. */
export const imagesCommand: CommandModule = {
  command: "images",
  describe: "Build the runtime images for the docker driver",
  builder: (yargs: Argv) =>
    yargs
      .command(buildCommand)
      .demandCommand(1, 1, "What about images? For example: fungraph images build Node.js20.15"),
  handler: () => undefined,
};

const buildCommand: CommandModule<object, Options> = {
  command: "build [runtimes..]",
  describe: "Build images for linux/amd64, one a runtime; those that did not change are kept",
  builder: (yargs) =>
    yargs
      .positional("runtimes", {
        type: "string",
        array: true,
        default: [],
        describe: "Runtimes, for example Node.js20.15 [all]",
      })
      .option("base", { type: "string", describe: "Image to build on instead of the official slim one" })
      .option("fresh", {
        type: "boolean",
        default: false,
        describe: "Build everything again, whatever the engine remembers",
      })
      .option("json", { type: "boolean", default: false, describe: "Print JSON" })
      .example("$0 images build", "all of them")
      .example("$0 images build Node.js20.15 --base node:20.20-slim", "one, on a base of your own"),
  handler: async ({ runtimes, base, fresh, json }) => {
    const { RECIPES } = await import("../../runtime-images/build/recipes.ts");
    const recipes = choose(RECIPES, runtimes).map((recipe) => ({ ...recipe, base: base ?? recipe.base }));
    const rows = await buildAll(recipes, fresh);
    if (json) printJson(rows);
    else tell(rows);
    const failed = rows.filter(({ problem }) => problem !== undefined);
    if (failed.length > 0)
      throw new UserError(failed.map(({ runtime, problem }) => `${runtime}: ${problem}`).join("\n"));
  },
};

interface Row {
  readonly runtime: string;
  readonly image?: BuiltImage;
  readonly problem?: string;
}

function choose(recipes: readonly Recipe[], names: readonly string[]): readonly Recipe[] {
  const unknown = names.filter((name) => !recipes.some(({ runtime }) => runtime === name));
  if (unknown.length > 0)
    throw new UserError(
      `There is no image for ${unknown.map((name) => JSON.stringify(name)).join(", ")}. Choose from: ${recipes.map(({ runtime }) => runtime).join(", ")}.`,
    );
  return names.length === 0 ? recipes : recipes.filter(({ runtime }) => names.includes(runtime));
}

/** One after the other; one that fails does not keep the others from being built. */
async function buildAll(recipes: readonly Recipe[], fresh: boolean): Promise<Row[]> {
  const { buildImage } = await import("../../runtime-images/build/build-image.ts");
  const engine = await findEngine();
  const rows: Row[] = [];
  try {
    for (const recipe of recipes) {
      const { runtime } = recipe;
      try {
        const image = await during(`Building ${runtime}`, () => buildImage(engine, recipe, { fresh }));
        rows.push({ runtime, image });
      } catch (error) {
        rows.push({ runtime, problem: (error as Error).message });
      }
    }
  } finally {
    engine.close();
  }
  return rows;
}

async function findEngine(): Promise<Engine> {
  const module = await import("../../platform/drivers/docker/engine.ts");
  try {
    const engine = new module.Engine();
    await engine.ask({ method: "GET", path: "/info" });
    return engine;
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function tell(rows: readonly Row[]): void {
  const built = rows.flatMap(({ runtime, image }) => (image === undefined ? [] : [{ runtime, image }]));
  const cells = built.map(({ runtime, image: { tag, size, baseSize } }) => [
    runtime,
    tag,
    formatBytes(size),
    `${(size / baseSize).toFixed(2)} x`,
  ]);
  if (cells.length > 0) print(renderTable(["Runtime", "Image", "Size", "Of its base"], cells));
  const kept = built.filter(({ image }) => !image.built).length;
  if (kept > 0) note(`${kept} of ${built.length} had not changed.`);
}
