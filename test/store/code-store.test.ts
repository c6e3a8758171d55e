import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { FileCodeStore, type ArchiveWork } from "../../platform/store/code-store.ts";
import { StoreFullError } from "../../platform/store/errors.ts";
import { keepArchive, type Unpack } from "../../platform/store/keep-archive.ts";
import { archiveWork } from "../../platform/workshop/workshop.ts";
import { SmallDisk, TemporaryFolder } from "./fixtures.ts";

/** The archive format is packaging's; here an archive is the one file that it holds. */
const keep = keeper(async (archive, folder) => writeFileSync(join(folder, "index.js"), archive));

/** Here the one file is named by its first letter. */
const keepByName = keeper(async (archive, folder) => {
  writeFileSync(join(folder, archive.toString("latin1", 0, 1)), archive);
});

function keeper(unpack: Unpack): ArchiveWork {
  return { ...archiveWork, keep: (archive, keeping) => keepArchive(archive, keeping, unpack) };
}

async function codeStore(
  folder: string,
  references: ReadonlySet<string> = new Set(),
  merged: readonly (readonly string[])[] = [],
  graceMs = 0,
) {
  const code = new FileCodeStore(
    folder,
    { has: (digest) => references.has(digest), merged: () => merged, totalBytes: () => 0 },
    keep,
    { graceMs },
  );
  await code.prepare();
  return code;
}

test("the same bytes twice, at the same time too, are stored once and unpacked whole", async () => {
  using folder = new TemporaryFolder();
  const code = await codeStore(folder.path);
  const archive = Buffer.from("module.exports = 1");
  const puts = await Promise.all([code.put(archive), code.put(archive), code.put(archive)]);
  const [{ digest, size }] = puts;
  expect(puts.every((one) => one.digest === digest)).toBe(true);
  expect(digest).toMatch(/^[0-9a-f]{128}$/);
  expect(size).toBe(archive.length);
  expect(await code.read(digest)).toEqual(archive);
  expect(readFileSync(join(await code.folder(digest), "index.js"))).toEqual(archive);
  expect(readdirSync(join(folder.path, "archives"))).toEqual([digest]);
  expect(readdirSync(join(folder.path, "code"))).toEqual([digest]);
});

test("a folder that is gone is unpacked again", async () => {
  using folder = new TemporaryFolder();
  const code = await codeStore(folder.path);
  const { digest } = await code.put(Buffer.from("x"));
  rmSync(await code.folder(digest), { recursive: true });
  expect(existsSync(join(await code.folder(digest), "index.js"))).toBe(true);
});

test("fails on an archive that was damaged, and does not unpack it", async () => {
  using folder = new TemporaryFolder();
  const code = await codeStore(folder.path);
  const { digest } = await code.put(Buffer.from("good"));
  writeFileSync(join(folder.path, "archives", digest), "evil");
  rmSync(await code.folder(digest), { recursive: true });
  await expect(code.read(digest)).rejects.toThrow(/is damaged: its SHA-512 differs/);
  await expect(code.folder(digest)).rejects.toThrow(/is damaged/);
  expect(readdirSync(join(folder.path, "code"))).toEqual([]);
});

test("an archive that cannot be unpacked leaves no folder", async () => {
  using folder = new TemporaryFolder();
  const references = { has: () => false, merged: () => [], totalBytes: () => 0 };
  const corrupt = keeper(() => Promise.reject(new Error("corrupt")));
  const code = new FileCodeStore(folder.path, references, corrupt);
  await code.prepare();
  await expect(code.put(Buffer.from("x"))).rejects.toThrow("corrupt");
  expect(readdirSync(join(folder.path, "code"))).toEqual([]);
});

test("collect removes what no record names and what a killed process left, and keeps what was used lately", async () => {
  using folder = new TemporaryFolder();
  const references = new Set<string>();
  const code = await codeStore(folder.path, references);
  const kept = await code.put(Buffer.from("kept"));
  const orphan = await code.put(Buffer.from("orphan"));
  references.add(kept.digest);
  mkdirSync(join(folder.path, "code", ".half"));
  await code.collect();
  expect(readdirSync(join(folder.path, "archives"))).toEqual([kept.digest]);
  await expect(code.read(orphan.digest)).rejects.toThrow();

  const careful = await codeStore(folder.path, new Set(), [], 60_000);
  expect(readdirSync(join(folder.path, "code"))).toEqual([kept.digest]);
  await careful.folder(kept.digest);
  await careful.collect();
  expect(readdirSync(join(folder.path, "code"))).toEqual([kept.digest]);
});

test.skipIf(!SmallDisk.possible)(
  "a full disk is a StoreFullError and nothing half written stays",
  async () => {
    using disk = new SmallDisk("1m");
    const code = await codeStore(disk.path);
    const small = await code.put(Buffer.from("small"));
    await expect(code.put(Buffer.alloc(2_000_000, 1))).rejects.toThrow(StoreFullError);
    await expect(code.put(Buffer.alloc(700_000, 2))).rejects.toThrow(StoreFullError);
    for (const folder of ["code", "archives"])
      expect(readdirSync(join(disk.path, folder)).filter((name) => name.startsWith("."))).toEqual([]);
    expect((await code.read(small.digest)).toString()).toBe("small");
  },
);

test("after a start of the machine unpacked folders are made anew, archives stay", async () => {
  using folder = new TemporaryFolder();
  const code = await codeStore(folder.path);
  const { digest } = await code.put(Buffer.from("whole"));
  const file = join(await code.folder(digest), "index.js");
  await code.prepare();
  expect(existsSync(file)).toBe(existsSync("/proc/sys/kernel/random/boot_id"));
  writeFileSync(file, ""); // as a file system may leave it that lost power
  writeFileSync(join(folder.path, "boot"), "another start");
  await code.prepare();
  expect(readFileSync(join(await code.folder(digest), "index.js"), "utf8")).toBe("whole");
});

test("code and dependencies are merged as hard links, at the same time too, and collected when nothing names them", async () => {
  using folder = new TemporaryFolder();
  const merged: (readonly string[])[] = [];
  const references = { has: () => true, merged: () => merged, totalBytes: () => 0 };
  const code = new FileCodeStore(folder.path, references, keepByName, { graceMs: 0 });
  await code.prepare();
  const [a, b] = [await code.put(Buffer.from("a1")), await code.put(Buffer.from("b1"))];
  const [first, second] = await Promise.all([
    code.folder(a.digest, [b.digest]),
    code.folder(a.digest, [b.digest]),
  ]);
  expect(first).toBe(second);
  expect(readdirSync(first)).toEqual(["a", "b"]);
  expect(statSync(join(first, "b")).ino).toBe(statSync(join(await code.folder(b.digest), "b")).ino);
  rmSync(first, { recursive: true });
  expect(readdirSync(await code.folder(a.digest, [b.digest]))).toEqual(["a", "b"]);
  const clash = await code.put(Buffer.from("a2"));
  await expect(code.folder(a.digest, [clash.digest])).rejects.toMatchObject({
    clashes: [{ path: "a", first: a.digest, second: clash.digest }],
  });
  merged.push([a.digest, b.digest]);
  await code.collect();
  expect(existsSync(first)).toBe(true);
  merged.pop();
  const kept = new FileCodeStore(
    folder.path,
    { ...references, has: (digest) => digest === a.digest },
    keepByName,
    { graceMs: 0 },
  );
  await kept.collect();
  expect(readdirSync(join(folder.path, "code"))).toEqual([a.digest]);
});

test("room is counted anew only when what was let in since might fill it, each project's own", async () => {
  using folder = new TemporaryFolder();
  let counts = 0;
  let named = 60;
  const totalBytes = (project: string): number => {
    counts++;
    return project === "p" ? named : 0;
  };
  const code = new FileCodeStore(folder.path, { has: () => false, merged: () => [], totalBytes }, keep);
  await code.prepare();
  const takes = (project: string, bytes: number): boolean => {
    if (!code.hasRoom(project, bytes, 100)) return false;
    code.takeRoom(project, bytes);
    return true;
  };
  // Asking takes nothing, however often.
  for (let again = 0; again < 3; again++) expect(code.hasRoom("p", 40, 100)).toBe(true);
  expect([takes("p", 20), takes("p", 20), counts]).toEqual([true, true, 1]);
  // The 40 bytes got no record, so they do not count.
  expect([takes("p", 40), counts]).toEqual([true, 2]);
  named = 80;
  expect([takes("p", 40), counts]).toEqual([false, 3]);
  expect(takes("q", 100)).toBe(true);
  // What others let in is not known here until it is counted.
  named = 95;
  expect(code.hasRoom("p", 10, 100)).toBe(true);
  code.forgetRoom();
  expect(code.hasRoom("p", 10, 100)).toBe(false);
});
