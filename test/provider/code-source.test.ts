import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkWithCode } from "../../provider/code-source.ts";
import type { Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { short } from "../support/faults.ts";

const HELLO = { name: "hello", runtime: "Node.js20.15", handler: "index.handler" };
const NUMBERS = { name: "numbers", runtime: "Node.js20.15" };

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "fungraph-code-"));
  mkdirSync(join(root, "hello"));
  writeFileSync(join(root, "hello/index.js"), "exports.handler = async (_event, _context) => 1;\n");
});
afterAll(() => rmSync(root, { recursive: true }));

function check(kind: string, given: Properties): ReturnType<typeof checkWithCode> {
  return checkWithCode(resources[`fungraph:index:${kind}`] as ResourceLogic, given, root);
}

describe("code that is named by a path", () => {
  test("of a function is packed into what a program in TypeScript would give", async () => {
    const { inputs, faults } = await check("Function", { ...HELLO, code: "./hello" });
    expect(faults).toEqual([]);
    expect(inputs).toMatchObject({ codeType: "zip", codeFilename: "index.zip", memoryMb: 128 });
    expect(inputs["codeDigest"]).toMatch(/^[0-9a-f]{128}$/);
    expect(inputs).not.toHaveProperty("code");
    expect(existsSync(join(root, String(inputs["codeArchive"])))).toBe(true);
    expect(await check("Function", inputs)).toEqual({ inputs, faults: [] });
  });

  test("of a dependency too", async () => {
    const { inputs, faults } = await check("Dependency", { ...NUMBERS, code: "./hello" });
    expect(faults).toEqual([]);
    expect(inputs["codeEtag"]).toMatch(/^[0-9a-f]{32}$/);
  });

  test("is an image where there is one", async () => {
    const image = { reference: "registry.example.com/team/hello:1" };
    const given = { ...HELLO, runtime: "Custom Image", handler: "-", image };
    const { inputs, faults } = await check("Function", given);
    expect(faults).toEqual([]);
    expect(inputs).toMatchObject({ codeType: "Custom-Image-Swr", codeDigest: "" });
  });

  test.each([
    ["Function", { ...HELLO, code: UNKNOWN }],
    ["Function", { ...HELLO, runtime: UNKNOWN, handler: UNKNOWN, code: "./hello" }],
    ["Dependency", { ...NUMBERS, code: UNKNOWN }],
  ])("waits for what is not known yet: %s %j", async (kind, given) => {
    const { inputs, faults } = await check(kind, given);
    expect(faults).toEqual([]);
    expect(inputs["codeSize"]).toBe(UNKNOWN);
  });

  test.each([
    ["Function", HELLO, ["code FSS.1012"]],
    ["Function", { ...HELLO, code: ["./hello"] }, ["code FSS.1012"]],
    ["Function", { ...HELLO, code: "./helo" }, ["code FSS.1011"]],
    ["Function", { ...HELLO, code: "./hello", handler: "main.handler" }, ["code FSS.1011"]],
    [
      "Function",
      { ...HELLO, code: "./hello", memoryMb: 3, runtime: "x" },
      ["runtime FSS.1005", "memoryMb FSS.1007"],
    ],
    ["Dependency", NUMBERS, ["code FSS.1012"]],
    ["Dependency", { ...NUMBERS, code: "./hello/index.js" }, ["code FSS.1011"]],
  ])("fails %s %j", async (kind, given: Properties, expected) => {
    const { faults } = await check(kind, given);
    expect(short(faults)).toEqual(expected);
  });
});
