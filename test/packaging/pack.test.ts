import { randomBytes } from "node:crypto";
import { chmodSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { findRuntime, type Runtime } from "../../model/runtimes.ts";
import { openArchive } from "../../packaging/archive.ts";
import { memoryFile, readContent } from "../../packaging/code-file.ts";
import { inlineFile } from "../../packaging/inline.ts";
import { inspectArchive, inspectFile } from "../../packaging/inspect.ts";
import { packCode, type PackedCode } from "../../packaging/pack.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { rawZip } from "./raw-zip.ts";
import { put, temporaryFolder } from "./temporary-folder.ts";

const NODE = { runtime: "Node.js20.15", handler: "index.handler" };
const HANDLER = "exports.handler = async () => 1;\n";

function pack(root: string, change: Partial<Parameters<typeof packCode>[0]> = {}): Promise<PackedCode> {
  return packCode({ ...NODE, root, code: ".", ...change });
}

async function faults(root: string, change: Partial<Parameters<typeof packCode>[0]> = {}): Promise<string[]> {
  try {
    await pack(root, change);
    return [];
  } catch (error) {
    if (!(error instanceof PackagingError)) throw error;
    return error.faults.map((fault) => `${String(fault.value)}: ${fault.rule}. ${fault.fix}`);
  }
}

async function contents(packed: PackedCode): Promise<Record<string, string>> {
  const { tree } = await openArchive("a", packed.archive);
  const entries = await Promise.all(
    [...tree.values()].map(async (file) => [file.name, (await readContent(file)).toString()] as const),
  );
  return Object.fromEntries(entries);
}

describe("a folder", () => {
  test("gives the same bytes whatever the order, times, modes and umask it was made with", async () => {
    using one = temporaryFolder();
    using two = temporaryFolder();
    const files = { "index.js": HANDLER, "b/x.txt": "x", "a.txt": "a", "b.txt": "b", run: "#!/bin/sh\n" };
    for (const [name, content] of Object.entries(files)) put(one.path, name, content);
    const umask = process.umask(0o077);
    for (const [name, content] of Object.entries(files).reverse()) put(two.path, name, content, 0o600);
    process.umask(umask);
    utimesSync(join(two.path, "index.js"), 1, 1);
    chmodSync(join(two.path, "run"), 0o700);
    const [first, second] = [await pack(one.path), await pack(two.path)];
    expect(second.digest).toBe(first.digest);
    expect(first).toMatchObject({ filename: "index.zip", type: "zip", size: first.archive.length });
    expect(first.digest).toMatch(/^[0-9a-f]{128}$/);
  });

  test("has golden bytes: a change here changes the digest of every function ever deployed", async () => {
    using folder = temporaryFolder({ "index.js": HANDLER });
    expect((await pack(folder.path)).digest.slice(0, 32)).toMatchInlineSnapshot(
      `"53be46a55ac1e4b719d72bfce3ac72a0"`,
    );
  });

  test("other content gives other bytes", async () => {
    using one = temporaryFolder({ "index.js": HANDLER });
    using two = temporaryFolder({ "index.js": `${HANDLER}//` });
    expect((await pack(one.path)).digest).not.toBe((await pack(two.path)).digest);
  });

  test("leaves out what .fungraphignore lists and what never belongs to code", async () => {
    using folder = temporaryFolder({
      "index.js": HANDLER,
      ".fungraphignore": "*.md\nnotes/\n!KEEP.md\n",
      "README.md": "",
      "KEEP.md": "",
      "notes/a.txt": "",
      "lib/notes/a.txt": "",
      ".git/config": "",
      "lib/__pycache__/x.pyc": "",
      ".DS_Store": "",
      ".fungraph/state": "",
      "lib/a.js": "",
    });
    expect(Object.keys(await contents(await pack(folder.path)))).toEqual(["KEEP.md", "index.js", "lib/a.js"]);
  });

  test("keeps the executable bit and gives it to scripts", async () => {
    using folder = temporaryFolder({ "index.js": HANDLER, script: "#!/bin/sh\n", data: "x" });
    put(folder.path, "tool", "x", 0o755);
    const { tree } = await openArchive("a", (await pack(folder.path)).archive);
    expect([...tree.values()].map((file) => [file.name, file.executable])).toEqual([
      ["data", false],
      ["index.js", false],
      ["script", true],
      ["tool", true],
    ]);
  });

  test("follows links inside, refuses those out of it, to nothing and in a circle", async () => {
    using outside = temporaryFolder({ secret: "s" });
    using folder = temporaryFolder({ "index.js": HANDLER, "lib/a.js": "1" });
    symlinkSync("lib/a.js", join(folder.path, "b.js"));
    symlinkSync("lib", join(folder.path, "more"));
    expect(await contents(await pack(folder.path))).toMatchObject({ "b.js": "1", "more/a.js": "1" });
    symlinkSync(join(outside.path, "secret"), join(folder.path, "c"));
    symlinkSync("nowhere", join(folder.path, "d"));
    symlinkSync("..", join(folder.path, "lib", "e"));
    expect(await faults(folder.path)).toEqual([
      "c: is a link out of the code folder. Copy what it points to into the folder.",
      "d: is a link to nothing. Delete the link, or create what it points to.",
      "lib/e: is a link to a folder that holds it. Delete the link.",
      expect.stringMatching(/^more\/e: is a link to a folder that holds it/),
    ]);
  });

  test("fails on names that end in ~ and on more than 30,000 files", async () => {
    using folder = temporaryFolder({ "index.js": HANDLER, "index.js~": "" });
    expect(await faults(folder.path)).toEqual([expect.stringMatching(/^index\.js~: a name cannot end in ~/)]);
    for (let index = 0; index < 300; index++) put(folder.path, `many/${index}`, "");
    for (let index = 0; index < 100; index++) symlinkSync("many", join(folder.path, `again${index}`));
    expect((await faults(folder.path)).at(-1)).toMatch(/^30001 files: code has at most 30000 files/);
  });

  test("fails when the archive grows over 50 MB", async () => {
    using folder = temporaryFolder({ "index.js": HANDLER });
    writeFileSync(join(folder.path, "noise"), randomBytes(51 * 1024 * 1024));
    expect((await faults(folder.path)).join()).toMatch(/the archive has \d+ bytes, at most 52428800/);
  });
});

describe("an archive of the user", () => {
  test("is taken byte for byte when it keeps the rules", async () => {
    const bytes = rawZip([{ name: "index.js", content: Buffer.from(HANDLER) }]);
    using folder = temporaryFolder({ "my.zip": bytes });
    const packed = await pack(folder.path, { code: "my.zip" });
    expect(packed.archive.equals(bytes)).toBe(true);
    expect(packed).toMatchObject({ filename: "my.zip", type: "zip" });
  });

  test("fails with the file's name when it is damaged", async () => {
    using folder = temporaryFolder({ "my.zip": "no" });
    expect(await faults(folder.path, { code: "my.zip" })).toEqual([
      expect.stringMatching(/^my\.zip: is damaged/),
    ]);
  });

  test("a jar is for Java alone", async () => {
    const bytes = rawZip([{ name: "com/example/Greeter.class" }]);
    using folder = temporaryFolder({ "a.jar": bytes });
    expect(await faults(folder.path, { code: "a.jar" })).toEqual([
      "a.jar: the runtime Node.js20.15 takes inline, zip, obs. Pack the code as .zip.",
    ]);
    const java = { code: "a.jar", runtime: "Java17", handler: "com.example.Greeter.greet" };
    expect(await pack(folder.path, java)).toMatchObject({ type: "jar", filename: "a.jar" });
  });
});

describe("a TypeScript entry", () => {
  const files = {
    "fn/index.ts":
      'import { word } from "../shared/word.ts";\nexport const handler = async (): Promise<string> => word;\n',
    "shared/word.ts": 'export const word: string = "hello";\n',
  };

  test("becomes one file that runs, with no path of this machine in it", async () => {
    using folder = temporaryFolder(files);
    const packed = await contents(await pack(folder.path, { code: "fn/index.ts" }));
    expect(Object.keys(packed)).toEqual(["index.js"]);
    expect(packed["index.js"]).not.toContain(folder.path);
    const module = { exports: {} as { handler: () => Promise<string> } };
    runInNewContext(packed["index.js"] ?? "", { module, exports: module.exports });
    expect(await module.exports.handler()).toBe("hello");
  });

  test("gives the same bytes wherever it lies", async () => {
    using one = temporaryFolder(files);
    using two = temporaryFolder(files);
    const code = "fn/index.ts";
    expect((await pack(one.path, { code })).digest).toBe((await pack(two.path, { code })).digest);
  });

  test("fails with the place of every fault", async () => {
    using folder = temporaryFolder({ "index.ts": 'import "./missing.ts";\nexport const handler = ;\n' });
    const told = await faults(folder.path, { code: "index.ts" });
    expect(told.join()).toMatch(/index\.ts:2:24: Unexpected ";"/);
  });

  test("fails on what a bundle cannot carry: native modules and import.meta", async () => {
    using folder = temporaryFolder({
      "native.ts": 'import "./addon.node";\nexport const handler = 1;\n',
      "addon.node": "",
      "meta.ts": "export const handler = (): string => import.meta.url;\n",
    });
    expect((await faults(folder.path, { code: "native.ts", handler: "native.handler" })).join()).toMatch(
      /native\.ts:1:8: No loader is configured.*Name a folder as code instead/,
    );
    expect((await faults(folder.path, { code: "meta.ts", handler: "meta.handler" })).join()).toMatch(
      /meta\.ts:1:\d+: "import\.meta" is not available/,
    );
  });

  test("fails for another language and when it lacks the handler", async () => {
    using folder = temporaryFolder({ "index.ts": "export const other = 1;\n" });
    expect((await faults(folder.path, { code: "index.ts", runtime: "Python3.10" })).join()).toContain(
      "Use a Node.js runtime",
    );
    expect((await faults(folder.path, { code: "index.ts" })).join()).toContain("has no function handler");
  });
});

describe("code that is none", () => {
  test.each([
    ["missing", {}, /^missing: does not exist\. Correct the path/],
    ["index.js", {}, /Name the folder that the file is in/],
    [".", { runtime: "Fortran77" }, /is not a runtime/],
    [".", { runtime: "Custom Image" }, /Push an image instead/],
  ])("fails on %s %j", async (code, change, expected) => {
    using folder = temporaryFolder({ "index.js": HANDLER });
    expect((await faults(folder.path, { ...change, code })).join()).toMatch(expected);
  });
});

describe("inline source", () => {
  test.each([
    ["Node.js20.15", "index.handler", "index.js"],
    ["Python3.10", "main.run", "main.py"],
    ["PHP7.3", "a.b", "a.php"],
    ["Custom", "bootstrap", "bootstrap"],
  ])("%s: becomes the entry file", (name, handler, file) => {
    const made = inlineFile(Buffer.from("text"), findRuntime(name) as Runtime, handler);
    expect(made).toMatchObject({ name: file, size: 4, executable: name === "Custom" });
  });

  test("an archive stays as it is; a compiled language has no source", () => {
    const bytes = rawZip([{ name: "index.js" }]);
    expect(inlineFile(bytes, findRuntime("Node.js20.15") as Runtime, "index.handler")).toBeUndefined();
    expect(() => inlineFile(Buffer.from("x"), findRuntime("Go1.x") as Runtime, "h")).toThrow("FSS.1006");
  });

  test.each([
    ["exports.handler = async () => 1;", "index.handler", []],
    ["exports.handler = async () => 1;", "../index.handler", ["../index.js"]],
    ["exports.other = 1;", "index.handler", ["index.handler"]],
  ])("%s for %s has the faults that an archive of it would have", async (source, handler, properties) => {
    const runtime = findRuntime("Node.js20.15") as Runtime;
    const file = memoryFile(handler.replace(/\.[a-z]+$/, ".js"), Buffer.from(source));
    const found = await inspectFile(file, handler, runtime);
    expect(found.map(({ property, value }) => value ?? property)).toEqual(properties);
    const bytes = rawZip([{ name: file.name, content: Buffer.from(source) }]);
    expect(await inspectArchive({ name: "a", bytes, runtime, handler })).toEqual(found);
  });
});
