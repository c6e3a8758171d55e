import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findRuntime, type Runtime } from "../../model/runtimes.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { inspectArchive } from "../../packaging/inspect.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import { unpackArchive } from "../../packaging/unpack.ts";
import { writeZip } from "../../packaging/zip.ts";
import { rawZip } from "./raw-zip.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const NODE = findRuntime("Node.js20.15") as Runtime;
const INDEX = { name: "index.js", content: Buffer.from("exports.handler = async () => 1;") };

async function rules(bytes: Buffer): Promise<string[]> {
  const faults = await inspectArchive({ name: "a.zip", bytes, runtime: NODE, handler: "index.handler" });
  return faults.map((fault) => `${String(fault.value)} ${fault.rule}`);
}

/** Archives that no platform may take, with the file and the rule that is told. */
const BAD: readonly (readonly [string, Buffer, RegExp])[] = [
  ["no archive", Buffer.from("hello"), /^a\.zip is damaged or no ZIP archive/],
  ["an empty file", Buffer.alloc(0), /^a\.zip is damaged/],
  ["a path out of the folder", rawZip([INDEX, { name: "../evil" }]), /^\.\.\/evil .*leaves its folder/],
  ["a hidden path out of the folder", rawZip([INDEX, { name: "a/../../evil" }]), /leaves its folder/],
  ["a backslash path out", rawZip([INDEX, { name: "..\\evil" }]), /^\.\.\/evil .*leaves its folder/],
  ["an absolute path", rawZip([INDEX, { name: "/etc/passwd" }]), /^\/etc\/passwd is an absolute path/],
  ["a drive", rawZip([INDEX, { name: "C:/x" }]), /^C:\/x is an absolute path/],
  ["a control character", rawZip([INDEX, { name: "a\u0001" }]), /control character/],
  ["a symbolic link", rawZip([INDEX, { name: "link", mode: 0o120777 }]), /^link is a symbolic link/],
  ["a file twice", rawZip([INDEX, INDEX]), /^index\.js is in the archive twice/],
  ["a file that is a folder", rawZip([INDEX, { name: "a" }, { name: "a/b" }]), /^a is a file and a folder/],
  ["an encrypted file", rawZip([{ ...INDEX, flags: 1 }]), /^index\.js is encrypted/],
  ["an unknown method", rawZip([{ ...INDEX, method: 12 }]), /^index\.js is packed by a method/],
  ["a name that ends in ~", rawZip([INDEX, { name: "index.js~" }]), /^index\.js~ a name cannot end in ~/],
  ["a path that no system has", rawZip([INDEX, { name: "a/".repeat(512) + "x" }]), /more than 1024 bytes/],
  ["a name that no system has", rawZip([INDEX, { name: `a/${"ä".repeat(128)}/x` }]), /name of more than 255/],
  ["a wrong checksum", rawZip([{ ...INDEX, declaredCrc: 1 }]), /^index\.js is damaged.*checksum/],
  ["more bytes than declared", rawZip([{ ...INDEX, declaredSize: 3 }]), /^index\.js is damaged/],
  ["fewer bytes than declared", rawZip([{ ...INDEX, declaredSize: 300 }]), /^index\.js is damaged/],
  [
    "more bytes than are allowed",
    rawZip([{ ...INDEX, declaredSize: 1_600_000_000 }]),
    /^1600000000 bytes unpacked code has at most/,
  ],
  [
    "30,000 folders and more, of few files",
    rawZip(Array.from({ length: 61 }, (_, at) => ({ name: `${at}/${"a/".repeat(500)}x`, method: 0 }))),
    /^\d+ folders code has at most 30000 folders/,
  ],
  [
    "30,001 files",
    rawZip(Array.from({ length: 30_001 }, (_, index) => ({ name: `f${index}`, method: 0 }))),
    /^30001 files code has at most 30000 files/,
  ],
];

describe("inspection of archives", () => {
  test.each(BAD)("fails on %s", async (_, bytes, expected) => {
    expect((await rules(bytes)).join("\n")).toMatch(expected);
  });

  test("fails on an archive over 50 MB before reading it", async () => {
    expect(await rules(Buffer.alloc(50 * 1024 * 1024 + 1))).toEqual([
      "a.zip the archive has 52428801 bytes, at most 52428800 are allowed",
    ]);
  });

  test("a hundred faults are told, and no more", async () => {
    const bad = rawZip(Array.from({ length: 3000 }, (_, at) => ({ name: `../${at}`, method: 0 })));
    expect(await rules(bad)).toHaveLength(100);
  });

  test("names and paths as long as systems have them do no harm", async () => {
    const names = ["ä".repeat(127), `${"a/".repeat(511)}x`, "a".repeat(255)];
    const files = names.map((name) => ({ name, content: Buffer.alloc(0) }));
    expect(await rules(rawZip([INDEX, ...files]))).toEqual([]);
  });

  test("names of folders and empty folders do no harm", async () => {
    expect(await rules(rawZip([INDEX, { name: "lib/", content: Buffer.alloc(0), mode: 0o40755 }]))).toEqual(
      [],
    );
  });

  test("a truncated archive is refused wherever it is cut", async () => {
    const whole = rawZip([INDEX, { name: "other.js" }]);
    for (let length = 0; length < whole.length; length += 7)
      expect(await rules(whole.subarray(0, length))).not.toEqual([]);
  });

  test("bytes that were changed are refused or harmless, and never a throw", async () => {
    const whole = rawZip([INDEX]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const bytes = Buffer.from(whole);
          for (const [at, value] of changes) bytes[at] = value;
          await rules(bytes);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("unpacking", () => {
  test("writes read-only files, programs executable, whatever the umask", async () => {
    using folder = temporaryFolder();
    const umask = process.umask(0o077);
    try {
      await unpackArchive(
        rawZip([
          INDEX,
          { name: "bin/run", content: Buffer.from("#!/bin/sh\n") },
          { name: "bin/tool", mode: 0o100755 },
          { name: "empty", content: Buffer.alloc(0) },
        ]),
        folder.path,
      );
    } finally {
      process.umask(umask);
    }
    const mode = (name: string): string => (statSync(join(folder.path, name)).mode & 0o777).toString(8);
    expect(["index.js", "bin/run", "bin/tool", "empty", "bin"].map(mode)).toEqual([
      "444",
      "555",
      "555",
      "444",
      "755",
    ]);
    expect(readFileSync(join(folder.path, "index.js"))).toEqual(INDEX.content);
  });

  test.each(BAD.filter(([name]) => !name.includes("~")))("fails on %s", async (_, bytes) => {
    using folder = temporaryFolder();
    await expect(unpackArchive(bytes, folder.path)).rejects.toThrow(PackagingError);
  });

  test("a path that leaves the folder writes nothing at all", async () => {
    using folder = temporaryFolder();
    const bytes = rawZip([INDEX, { name: "../evil" }]);
    await expect(unpackArchive(bytes, folder.path)).rejects.toThrow("leaves its folder");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("what was packed comes out again", async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,8}[a-z0-9]$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.uint8Array({ maxLength: 5000 })), async (files) => {
        using folder = temporaryFolder();
        const entries = Object.entries(files).map(
          ([key, bytes]) => [`d/${key}`, Buffer.from(bytes)] as const,
        );
        await unpackArchive(
          await writeZip(entries.map(([key, bytes]) => memoryFile(key, bytes))),
          folder.path,
        );
        for (const [key, bytes] of entries) expect(readFileSync(join(folder.path, key))).toEqual(bytes);
      }),
      { numRuns: 25 },
    );
  });
});
