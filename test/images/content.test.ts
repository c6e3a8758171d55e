import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DockerDriver } from "../../platform/drivers/docker/docker-driver.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { OPEN_DOOR, Tenant } from "../drivers/tenant.ts";
import { noEngine } from "./engine.ts";
import { REPOSITORY, runtimeImage } from "./runtime-image.ts";

/** Guide tables 3-42 and 3-43: modules that functions use without bringing them. */
const NODE_MODULES = ["q", "co", "lodash", "esdk-obs-nodejs", "express", "fgs-express", "request"];
const PYTHON_MODULES = [
  "dateutil",
  "requests",
  "httplib2",
  "numpy",
  "redis",
  "obs",
  "com.obs.client.obs_client",
];
/** FAQ 3.8 */
const FONTS = ["NotoSansSC", "NotoSansTC", "NotoSerifSC", "NotoSerifTC"].map((name) => `${name}-Regular.otf`);

const missing = await noEngine();
if (missing !== undefined) console.log(`what images hold is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a function in an image", () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-images-"));
  let driver: DockerDriver;

  beforeAll(async () => {
    const engine = new Engine();
    for (const runtime of ["Node.js20.15", "Python3.10", "fonts"]) await runtimeImage(engine, runtime);
    engine.close();
    driver = await DockerDriver.open({ runDir: join(folder, "run"), repository: REPOSITORY });
  }, 600_000);

  afterAll(async () => {
    await driver.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("may require the modules that come with Node.js, and its own come first", async () => {
    const code = codeFolder("node", {
      "index.js": OPEN_DOOR,
      "node_modules/q/index.js": "module.exports = 'my own';",
    });
    await using tenant = await (await Tenant.start(driver, "Node.js20.15")).claim(code);
    const kinds = `return [${NODE_MODULES.map((name) => `typeof require("${name}")`).join()}]`;
    expect(await tenant.run(kinds)).toEqual([
      "string",
      ...NODE_MODULES.slice(1).map(() => expect.stringMatching(/function|object/) as string),
    ]);
    expect(await tenant.run('return require("q")')).toBe("my own");
    expect(await tenant.run('return require("lodash").chunk([1, 2, 3], 2)')).toEqual([[1, 2], [3]]);
    expect(await tenant.run('return typeof (await import("express")).default')).toBe("function");
  });

  test("may import the modules that come with Python", async () => {
    const source = `import importlib\n\ndef handler(event, context):\n    return [importlib.import_module(name).__name__ for name in event]\n`;
    await using tenant = await (
      await Tenant.start(driver, "Python3.10")
    ).claim(codeFolder("python", { "index.py": source }));
    const { failure, text } = await tenant.call(PYTHON_MODULES);
    expect({ failure, names: JSON.parse(text) as unknown }).toEqual({
      failure: undefined,
      names: PYTHON_MODULES,
    });
  });

  test("finds the four Chinese fonts, whole and read-only", async () => {
    await using tenant = await (
      await Tenant.start(driver, "Node.js20.15")
    ).claim(codeFolder("fonts", { "index.js": OPEN_DOOR }));
    const look = `
      const fs = require("fs"); const folder = "/usr/share/fonts/opentype/noto/";
      return fs.readdirSync(folder).filter((name) => name.endsWith(".otf"))
        .map((name) => [name, fs.readFileSync(folder + name).toString("latin1", 0, 4), fs.statSync(folder + name).size > 5e6]);`;
    expect(await tenant.run(look)).toEqual(FONTS.map((name) => [name, "OTTO", true]));
    await expect(
      tenant.run('require("fs").writeFileSync("/usr/share/fonts/opentype/noto/x", "x")'),
    ).rejects.toThrow(/EROFS|EACCES/);
    expect(driver.capabilities.missing.join()).not.toContain("fonts");
  });

  function codeFolder(name: string, files: Readonly<Record<string, string>>): string {
    const root = join(folder, "code", name);
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(root, path, ".."), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  }
});
