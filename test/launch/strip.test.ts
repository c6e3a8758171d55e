import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripTypeScriptTypes } from "node:module";
import { afterEach, beforeEach, expect, test } from "vitest";

const MODULE = new URL("../../launch/strip.mjs", import.meta.url).href;
const { strip } = (await import(MODULE)) as { strip: (file: string, folder: string) => string };

const SOURCE = 'export const name: string = "Zoë";\ninterface Gone { readonly é: number }\n';

let base: string;
let file: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "fungraph-strip-"));
  file = join(base, "name.ts");
  folder = join(base, "cache", "stripped");
  writeFileSync(file, SOURCE);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Paths of what is kept. */
function kept(): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

test("is what Node makes of it, the first time and after", () => {
  const expected = stripTypeScriptTypes(SOURCE);
  expect([strip(file, folder), strip(file, folder)]).toEqual([expected, expected]);
  expect(kept()).toHaveLength(1);
});

test("follows the source", () => {
  strip(file, folder);
  writeFileSync(file, SOURCE.replace("Zoë", "Ada"));
  expect(strip(file, folder)).toContain("Ada");
  expect(kept()).toHaveLength(2);
});

test.each([
  ["empty", (): string => ""],
  ["cut off", (text: string): string => text.slice(0, -70)],
  ["zeros", (text: string): string => "\0".repeat(text.length)],
  ["changed", (text: string): string => text.replace("Zoë", "Eve")],
])("does not run what is kept when it is %s", (_how, spoil) => {
  strip(file, folder);
  const [path = ""] = kept();
  const whole = readFileSync(path, "utf8");
  writeFileSync(path, spoil(whole));
  expect(strip(file, folder)).toBe(stripTypeScriptTypes(SOURCE));
  expect(readFileSync(path, "utf8")).toBe(whole);
});

test("works where nothing can be kept", () => {
  expect(strip(file, join(file, "no folder"))).toBe(stripTypeScriptTypes(SOURCE));
});
