import { describe, expect, test } from "vitest";
import { findRuntime, type Runtime } from "../../model/runtimes.ts";
import { type CodeTree, memoryFile } from "../../packaging/code-file.ts";
import { checkLanguage } from "../../packaging/languages/check-language.ts";

type Files = Readonly<Record<string, string | Buffer>>;

function tree(files: Files): CodeTree {
  const entries = Object.entries(files).map(([name, content]) => memoryFile(name, Buffer.from(content)));
  return new Map(entries.map((file) => [file.name, file]));
}

async function check(runtime: string, handler: string, files: Files): Promise<string[]> {
  const faults = await checkLanguage(tree(files), handler, findRuntime(runtime) as Runtime);
  return faults.map((fault) => `${String(fault.value)}: ${fault.rule}. ${fault.fix}`);
}

describe("the entry file", () => {
  const node = (files: Files): Promise<string[]> => check("Node.js20.15", "index.handler", files);

  test.each<[string, Files, RegExp]>([
    ["no files", {}, /the code has no files at all/],
    ["one folder too deep", { "src/index.js": "" }, /It is in src\/; pack what is in that folder/],
    ["TypeScript source", { "index.ts": "" }, /Name index\.ts itself as code/],
    ["another case", { "Index.js": "" }, /Rename Index\.js/],
    ["another name", { "main.js": "", "a/b.js": "" }, /at the root there is main\.js/],
    ["only folders", { "a/b.txt": "" }, /at the root there is only folders/],
  ])("fails on %s", async (_, files, expected) => {
    const [told, ...more] = await node(files);
    expect(told).toMatch(
      /^index\.js: the entry file index\.js or index\.cjs or index\.mjs must be at the root/,
    );
    expect(told).toMatch(expected);
    expect(more).toEqual([]);
  });

  test.each([
    "exports.handler = async () => 1;",
    "module.exports = { handler };",
    "export async function handler() {}",
    'module.exports = require("./other");',
    'export * from "./other.js";',
    "for (const k of list) exports[k] = f;",
    "Object.assign(exports, all);",
    "module.exports = { ...all };",
  ])("Node.js: %s may define the handler", async (text) => {
    expect(await node({ "index.js": text })).toEqual([]);
  });

  test.each(["", "exports.main = 1;", "module.exports = { main, handlers };", "const my_handler = 1;"])(
    "Node.js: %j surely does not",
    async (text) => {
      expect(await node({ "index.js": text })).toEqual([
        "index.handler: index.js has no function handler. Define handler in index.js and export it, or name another function in the handler.",
      ]);
    },
  );

  test.each<[string, string, number]>([
    ["is looked at", "var x;\n0 && (module.exports = {\n  handler,\n  other\n});\n", 0],
    ["hides what is not in it", "const handler = 1;\n0 && (module.exports = {\n  other\n});\n", 1],
    ["is read once, however often it begins", "\n0 && (module.exports = {".repeat(150_000), 1],
  ])("Node.js: the list of what a bundle exports %s", async (_, text, faults) => {
    expect(await node({ "index.js": text })).toHaveLength(faults);
  });

  test("Node.js takes .mjs and .cjs as well", async () => {
    expect(await node({ "index.mjs": "export const handler = 1" })).toEqual([]);
    expect(await node({ "index.cjs": "exports.handler = 1" })).toEqual([]);
  });

  test.each([
    ["def handler(event, context):\n  pass", true],
    ["from app import handler", true],
    ["from app import *", true],
    ["globals()['hand' + 'ler'] = f", true],
    ["import json\ndef main(): pass", false],
  ])("Python: %j %s", async (text, fine) => {
    const told = await check("Python3.10", "index.handler", { "index.py": text });
    expect(told.length === 0).toBe(fine);
  });

  test("PHP", async () => {
    expect(await check("PHP8.3", "index.handler", { "index.php": "<?php function handler() {}" })).toEqual(
      [],
    );
    expect(await check("PHP8.3", "index.handler", { "index.php": "<?php" })).toHaveLength(1);
  });
});

describe("Python modules that hide the standard library", () => {
  const entry = { "index.py": "def handler(e, c): pass" };

  test.each([
    "json.py",
    "os/__init__.py",
    "lib/__init__.py",
    "re.cpython-310-x86_64-linux-gnu.so",
    "dataclasses.py",
  ])("fails on %s", async (name) => {
    const told = await check("Python3.10", "index.handler", { ...entry, [name]: "" });
    expect(told).toEqual([expect.stringMatching(`^${name.replaceAll(".", "\\.")}: hides the module`)]);
  });

  test.each([
    "my/json.py",
    "jsonschema.py",
    "os/data.txt",
    "lib/libfoo.so.1",
    "test/__init__.py",
    "json.txt",
  ])("%s does no harm", async (name) => {
    expect(await check("Python3.10", "index.handler", { ...entry, [name]: "" })).toEqual([]);
  });

  test.each([
    ["Python2.7", "Queue.py", 1],
    ["Python3.10", "Queue.py", 0],
    ["Python2.7", "pathlib.py", 0],
    ["Python3.6", "dataclasses.py", 0],
    ["Python3.9", "zoneinfo/__init__.py", 1],
    ["Python3.10", "imp.py", 1],
    ["Python3.12", "imp.py", 0],
    ["Python3.12", "tomllib/__init__.py", 1],
  ])("%s and %s: %i faults, by what that version has", async (runtime, name, count) => {
    expect(await check(runtime, "index.handler", { ...entry, [name]: "" })).toHaveLength(count);
  });
});

/** The first bytes of a Linux program: 64 bits, and the number of its machine. */
function elf(machine: number, bits = 2): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF", "latin1");
  header[4] = bits;
  header.writeUInt16LE(machine, 18);
  return header;
}

describe("Go", () => {
  test("takes an x86-64 Linux program named as the handler, or an older plugin", async () => {
    expect(await check("Go1.x", "handler", { handler: elf(0x3e) })).toEqual([]);
    expect(await check("Go1.8", "testplugin.Handler", { "testplugin.so": elf(0x3e) })).toEqual([]);
  });

  test.each<[string, Buffer]>([
    ["a program for ARM", elf(0xb7)],
    ["a program of 32 bits", elf(0x3e, 1)],
    ["a text", Buffer.from("package main")],
    ["a cut program", elf(0x3e).subarray(0, 10)],
    ["an empty file", Buffer.alloc(0)],
  ])("fails on %s, and says how to build", async (_, content) => {
    expect((await check("Go1.x", "handler", { handler: content })).join()).toContain(
      "GOOS=linux GOARCH=amd64 CGO_ENABLED=0 go build -o handler",
    );
  });

  test("fails when no file has the handler's name", async () => {
    expect((await check("Go1.x", "handler", { main: elf(0x3e) })).join()).toContain("entry file handler");
  });

  test("fails on sources without a go.mod, and says what makes them compile", async () => {
    expect((await check("Go1.x", "handler", { "main.go": "package main" })).join()).toContain(
      "Run go mod init there",
    );
  });
});

describe("Java", () => {
  const handler = "com.example.Greeter.greet";

  test.each<[Files, RegExp | undefined]>([
    [{ "app.jar": "", "lib/dep.jar": "" }, undefined],
    [{ "com/example/Greeter.class": "" }, undefined],
    [{ "com/example/Other.class": "" }, /the class of the handler com\.example\.Greeter\.greet is missing/],
    [{ "Greeter.java": "" }, /neither a \.jar nor a \.class/],
  ])("%j", async (files, expected) => {
    const told = await check("Java17", handler, files);
    if (expected === undefined) expect(told).toEqual([]);
    else expect(told.join()).toMatch(expected);
  });
});

describe("others", () => {
  test.each<[string, RegExp | undefined]>([
    ["MZ..\0Greeter\0Example.Hello\0Greet\0", undefined],
    ["MZ..\0BigGreeter\0Example.Hello\0", undefined],
    ["MZ..\0Greeter\0Example\0", /no class Example\.Hello\.Greeter/],
    ["MZ..\0Greeters\0Example.Hello\0", /no class/],
    ["using System;", /not a \.NET assembly/],
  ])("C# needs the class of the handler in its assembly: %j", async (content, expected) => {
    const handler = "Greeter::Example.Hello.Greeter::Greet";
    const told = await check("C#(.NET Core 6.0)", handler, { "Greeter.dll": content });
    if (expected === undefined) expect(told).toEqual([]);
    else expect(told.join()).toMatch(expected);
    expect((await check("C#(.NET Core 6.0)", handler, {})).join()).toContain("entry file Greeter.dll");
    // Nothing that large is read into memory.
    const large = { ...memoryFile("Greeter.dll", Buffer.alloc(0)), size: 1_400_000_000 };
    const unread = { ...large, chunks: () => expect.unreachable() };
    const runtime = findRuntime("C#(.NET Core 6.0)") as Runtime;
    expect(await checkLanguage(new Map([[large.name, unread]]), handler, runtime)).toEqual([]);
  });

  test.each(["http", "Custom"])("%s needs a bootstrap that can run", async (runtime) => {
    expect(await check(runtime, "bootstrap", { bootstrap: "#!/bin/sh\n" })).toEqual([]);
    expect(await check(runtime, "bootstrap", { bootstrap: elf(0x3e) })).toEqual([]);
    expect((await check(runtime, "bootstrap", { "bootstrap.sh": "" })).join()).toContain(
      "entry file bootstrap",
    );
    expect((await check(runtime, "bootstrap", { bootstrap: "" })).join()).toContain("is empty");
  });

  test("a bootstrap without a first line for its interpreter is for HTTP functions alone", async () => {
    const code = { bootstrap: "node $RUNTIME_CODE_ROOT/server.js" };
    expect(await check("http", "bootstrap", code)).toEqual([]);
    expect((await check("Custom", "bootstrap", code)).join()).toContain(
      "neither a Linux program nor a script",
    );
  });
});
