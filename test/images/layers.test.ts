import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { RECIPES } from "../../runtime-images/build/recipes.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { noEngine } from "./engine.ts";
import { layersOf, runtimeImage, unbuildable } from "./runtime-image.ts";
import { RUNTIMES_IN_IMAGES } from "./subjects.ts";

/** Where FUNGRAPH_TEST_IMAGES is `all`, what takes minutes is built anew, too: packages that are fetched, and what Maven makes. */
const ALL = process.env["FUNGRAPH_TEST_IMAGES"] === "all";
const FETCHING = ["Python3.10", "fonts"];
const COMPILED = ALL ? /^(Go|Java|C#)/ : /^(Go|C#)/;
const MINUTES = 600_000;

const missing = await noEngine();
if (missing !== undefined) console.log(`layers are not compared: ${missing}`);
const wanted = [...RUNTIMES_IN_IMAGES, "Custom", "http", "fonts"].filter(
  (runtime) => ALL || !FETCHING.includes(runtime),
);
const asked = await Promise.all(
  wanted.map(async (runtime) => ({ runtime, why: await unbuildable(runtime) })),
);
const runtimes = asked.filter(({ why }) => why === undefined).map(({ runtime }) => runtime);

describe.skipIf(missing !== undefined)("built without what the engine remembers", () => {
  const engine = new Engine();
  afterAll(() => engine.close());

  test.each(runtimes)(
    "the image of %s has the same layers and the same name",
    async (runtime) => {
      const before = await runtimeImage(engine, runtime);
      const layers = await layersOf(engine, before.id);
      const again = await runtimeImage(engine, runtime, true);
      expect(again).toMatchObject({ tag: before.tag, built: true });
      expect(await layersOf(engine, again.id)).toEqual(layers);
    },
    MINUTES,
  );
});

describe("compiled with an empty cache", () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-cache-"));
  const before = { ...process.env };
  const cache = before["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");

  beforeAll(() => {
    // Neither what was installed nor Go's own library is compiled for an image.
    process.env["FUNGRAPH_RUNTIMES"] ??= join(cache, "fungraph/runtimes");
    process.env["GOCACHE"] ??= join(cache, "go-build");
  });

  afterAll(() => {
    process.env = before;
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(runtimes.filter((runtime) => COMPILED.test(runtime)))(
    "what the image of %s holds is the same bytes",
    async (runtime) => {
      process.env["XDG_CACHE_HOME"] = cache;
      const kept = await digest(runtime);
      process.env["XDG_CACHE_HOME"] = folder;
      expect(await digest(runtime)).toBe(kept);
    },
    MINUTES,
  );
});

async function digest(runtime: string): Promise<string> {
  const tree = new Tree();
  await RECIPES.find((each) => each.runtime === runtime)?.complete(tree);
  expect(tree.paths).not.toEqual([]);
  return createHash("sha256")
    .update(await tree.tar(0))
    .digest("hex");
}
