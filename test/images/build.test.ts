import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { buildImage, type BuiltImage } from "../../runtime-images/build/build-image.ts";
import { RECIPES } from "../../runtime-images/build/recipes.ts";
import { Tree } from "../../runtime-images/build/tree.ts";
import { IMAGES } from "../runtimes/languages/language.ts";
import { noEngine } from "./engine.ts";
import { readFromImage, REPOSITORY, runtimeImage } from "./runtime-image.ts";

const MINUTES = 600_000;
const missing = await noEngine();
if (missing !== undefined) console.log(`images are not built: ${missing}`);

test("every recipe has a Dockerfile and folders", () => {
  for (const { folder, content, source } of RECIPES)
    for (const path of [`${folder}/Dockerfile`, ...content, ...source])
      expect(existsSync(join(IMAGES, path)), path).toBe(true);
});

test("the same files give the same archive, whatever their times and the order in which they came", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-tree-"));
  try {
    writeFileSync(join(folder, "b"), "b");
    writeFileSync(join(folder, "a"), "a", { mode: 0o700 });
    const first = await new Tree().copy(folder, "x").file("y", "y").tar(0);
    utimesSync(join(folder, "b"), 1, 1);
    expect((await new Tree().file("y", "y").copy(folder, "x").tar(0)).equals(first)).toBe(true);
    const listing = execFileSync("tar", ["-tvf", "-"], { input: first, encoding: "utf8" });
    expect(
      listing.split("\n").map((line) =>
        line
          .replaceAll(/ +/g, " ")
          .split(" ")
          .filter((_, i) => i !== 3 && i !== 4)
          .join(" "),
      ),
    ).toEqual([
      "drwxr-xr-x 0/0 0 x/",
      "-rwxr-xr-x 0/0 1 x/a",
      "-rw-r--r-- 0/0 1 x/b",
      "-rw-r--r-- 0/0 1 y",
      "",
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe.skipIf(missing !== undefined)("a runtime image", () => {
  const engine = new Engine();
  let image: BuiltImage;

  beforeAll(async () => {
    image = await runtimeImage(engine, "Node.js18.15", true);
    return () => engine.close();
  }, MINUTES);

  test("is kept when nothing has changed", async () => {
    expect(await runtimeImage(engine, "Node.js18.15")).toMatchObject({ tag: image.tag, built: false });
  });

  test("is for linux/amd64, runs as user 1003, and is at most 1.15 times as large as its base", async () => {
    expect(await inspect(image.tag)).toMatchObject({
      Os: "linux",
      Architecture: "amd64",
      Config: {
        User: "1003:1003",
        WorkingDir: "/opt/function",
        Labels: { "fungraph.runtime": "Node.js18.15" },
      },
    });
    expect(image.size / image.baseSize).toBeLessThan(1.15);
  });

  test("keeps the accounts of its base and adds the function's", async () => {
    const accounts = await readFromImage(engine, image.tag, "/etc/passwd");
    expect(accounts).toMatch(/^root:x:0:0:/);
    expect(accounts).toMatch(/\nsnuser:x:1003:1003:snuser:\/home\/snuser:\/bin\/sh\n$/);
  });

  test("is not built on a base that cannot be had, nor with a Dockerfile that fails", async () => {
    const recipe = RECIPES.find(({ runtime }) => runtime === "Node.js18.15");
    if (recipe === undefined) throw new Error("no recipe");
    await expect(buildImage(engine, { ...recipe, base: "fungraph.invalid/node:18" })).rejects.toThrow(
      /The base image fungraph.invalid\/node:18 is not on this machine and cannot be pulled: .* Give another base by --base, or by imageBases of fg.Platform\./s,
    );
    const wrong = (family: string): Promise<BuiltImage> => {
      const known = RECIPES.find(({ folder }) => folder === family) ?? recipe;
      const base = "fungraph-test/debian:bookworm";
      return buildImage(engine, { ...known, base }, { repository: REPOSITORY });
    };
    await expect(wrong("python")).rejects.toThrow(
      "The base image fungraph-test/debian:bookworm has no Python. Give another base by --base, for example python:3.12-slim.",
    );
    await expect(wrong("php")).rejects.toThrow(/could not be built: .*php.*returned a non-zero code/s);
  });

  function inspect(name: string): Promise<object> {
    return engine.ask({ method: "GET", path: `/images/${name}/json` });
  }
});
