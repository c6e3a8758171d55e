import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missingProgram, programPath, SDK_GENERATOR } from "./engine/binary.ts";

/*
 * What Pulumi's own generators make of the package's schema. A Python SDK is imported only where FUNGRAPH_TEST_SDK is
 * "import": that needs PyPI, and half a minute.
 */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCHEMA = join(ROOT, "docs/schema.json");
const missing = missingProgram(SDK_GENERATOR);
if (missing !== undefined) console.log(`skipped: ${missing}`);
const python = spawnSync("python3", ["--version"]).status === 0;
if (!python) console.log("skipped: Python SDK, because this machine has no python3");

describe.skipIf(missing !== undefined)("an SDK from the schema", { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fungraph-sdk-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function generate(language: string): string {
    const target = join(folder, language);
    execFileSync(programPath(SDK_GENERATOR), [SCHEMA, language, target]);
    return target;
  }

  test("for Go has every resource", () => {
    const files = readdirSync(join(generate("go"), "fungraph"));
    const { resources } = JSON.parse(readFileSync(SCHEMA, "utf8")) as { resources: object };
    for (const token of Object.keys(resources)) {
      const name = token.slice("fungraph:index:".length);
      expect(files).toContain(`${name.charAt(0).toLowerCase()}${name.slice(1)}.go`);
    }
  });

  test("for Node.js passes the TypeScript compiler", () => {
    const target = generate("nodejs");
    symlinkSync(join(ROOT, "node_modules"), join(target, "node_modules"));
    const compiler = join(ROOT, "node_modules/typescript-native/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", target, "--noEmit"]);
    expect(status, stdout.toString()).toBe(0);
  });

  test.skipIf(!python)("for Python compiles", () => {
    const { status, stdout } = spawnSync("python3", ["-m", "compileall", "-q", generate("python")]);
    expect(status, stdout.toString()).toBe(0);
  });

  test.skipIf(!python || process.env["FUNGRAPH_TEST_SDK"] !== "import")("for Python can be imported", () => {
    const target = generate("python");
    const own = join(folder, "venv");
    execFileSync("python3", ["-m", "venv", own]);
    execFileSync(join(own, "bin/pip"), ["install", "-q", target]);
    const program =
      "import pulumi_fungraph as fg; print(fg.HookArgs(handler='index.start', timeout_seconds=3).handler)";
    const said = execFileSync(join(own, "bin/python"), ["-c", program], { encoding: "utf8" });
    expect(said).toBe("index.start\n");
  });
});
