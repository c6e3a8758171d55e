import { spawnSync } from "node:child_process";
import { hash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import {
  archiveWork,
  checkDependency,
  digestCode,
  packCode,
  readExport,
} from "../../platform/workshop/workshop.ts";

const SOURCE = Buffer.from("exports.handler = async (event, context) => event;\n");
const MB = 1024 * 1024;
const UPLOAD = { name: "index.js", runtime: "Node.js20.15", handler: "index.handler", inline: true };

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "fungraph-workshop-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function packed(source: Buffer = SOURCE): Promise<Buffer> {
  const archive = await packCode(source, UPLOAD);
  if (!Buffer.isBuffer(archive)) throw new Error(JSON.stringify(archive));
  return archive;
}

test("a source becomes an archive, which is kept as a file and as a folder", async () => {
  const archive = await packed();
  expect(archive.subarray(0, 2).toString()).toBe("PK");
  const [file, unpacked] = [join(folder, "one.zip"), join(folder, "one")];
  await archiveWork.keep(archive, { file, folder: unpacked });
  expect(readFileSync(file)).toEqual(archive);
  expect(readFileSync(join(unpacked, "index.js"))).toEqual(SOURCE);
  expect([statSync(file), statSync(unpacked)].map(({ mode }) => mode & 0o777)).toEqual([0o600, 0o755]);
  expect(SOURCE.toString()).toContain("exports.handler");
  expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
});

test("what is wrong with code comes back as it was found", async () => {
  const wrong = { ...UPLOAD, handler: "index.missing" };
  expect(await packCode(SOURCE, wrong)).toMatchObject([{ property: "handler", value: "index.missing" }]);
  expect(await packCode(Buffer.from("no archive"), { ...UPLOAD, inline: false })).toHaveLength(1);
  await expect(packCode(SOURCE, { ...UPLOAD, runtime: "Java11" })).resolves.toHaveLength(1);
  expect(await checkDependency("lib.zip", Buffer.from("no archive"))).toHaveLength(1);
  expect(await checkDependency("lib.zip", await packed())).toEqual([]);
  await expect(archiveWork.keep(Buffer.from("no archive"), { folder: join(folder, "none") })).rejects.toThrow(
    PackagingError,
  );
  expect(existsSync(join(folder, "none"))).toBe(false);
});

test("what the disk says comes back with its code", async () => {
  const archive = await packed();
  const nowhere = join(folder, "nowhere", "one.zip");
  await expect(archiveWork.keep(archive, { file: nowhere })).rejects.toMatchObject({ code: "ENOENT" });
  const unpacked = join(folder, "unkept");
  const both = archiveWork.keep(archive, { file: nowhere, folder: unpacked });
  await expect(both).rejects.toMatchObject({ code: "ENOENT" });
  expect(readdirSync(folder).filter((name) => name === "unkept" || name.startsWith("."))).toEqual([]);
});

test.each([0, 1, MB / 4, MB / 4 + 1, 3 * MB + 7])("%i bytes have their hashes", async (size) => {
  const bytes = randomBytes(size + 10).subarray(5, size + 5);
  for (const algorithm of ["md5", "sha512"] as const)
    expect(await digestCode(algorithm, bytes)).toBe(hash(algorithm, bytes, "hex"));
  expect(await archiveWork.digest(bytes)).toBe(hash("sha512", bytes, "hex"));
});

test("a file is read with its hash, or told why not", async () => {
  const file = join(folder, "large");
  for (const archive of [randomBytes(2 * MB), Buffer.alloc(0)]) {
    writeFileSync(file, archive);
    const read = await archiveWork.read(file);
    expect(read.archive.equals(archive)).toBe(true);
    expect(read.digest).toBe(hash("sha512", archive, "hex"));
  }
  await expect(archiveWork.read(join(folder, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
});

test("what an export holds comes back, however large its configuration is", async () => {
  const values = Array.from({ length: 5000 }, (_, at) => `- value ${at}`).join("\n");
  const files = [memoryFile("e.yaml", Buffer.from(`all:\n${values}\n`)), memoryFile("e.zip", SOURCE)];
  const archive = await writeZip(files);
  const found = await readExport("e.zip", archive, 1000);
  expect(found).toEqual({ config: { all: values.slice(2).split("\n- ") }, code: SOURCE });
  expect(await readExport("e.zip", archive, 10)).toMatchObject({ code: SOURCE.subarray(0, 11) });
  expect(await readExport("e.zip", SOURCE, 1000)).toMatchObject([{ code: "FSS.1011" }]);
  const bomb = memoryFile("e.yaml", Buffer.from(`a: &a [x, x]\n${bombOf("b")}${bombOf("c")}`));
  const refused = await readExport("e.zip", await writeZip([bomb, memoryFile("e.zip", SOURCE)]), 1000);
  expect(refused).toMatchObject([{ code: "FSS.1025", rule: expect.stringContaining("alias") as string }]);
});

/** A list of two hundred times the list before it. */
function bombOf(name: string): string {
  const before = String.fromCharCode(name.charCodeAt(0) - 1);
  return `${name}: &${name} [${Array.from({ length: 200 }, () => `*${before}`).join(", ")}]\n`;
}

test("many jobs at once each get their own answer", async () => {
  const names = Array.from({ length: 30 }, (_, at) => `exports.handler = async (event, context) => ${at};\n`);
  const archives = await Promise.all(names.map((text) => packed(Buffer.from(text))));
  await Promise.all(
    archives.map((archive, at) => archiveWork.keep(archive, { folder: join(folder, `many-${at}`) })),
  );
  const found = names.map((_, at) => readFileSync(join(folder, `many-${at}`, "index.js"), "utf8"));
  expect(found).toEqual(names);
});

/** Has the workshop work once, and prints the priorities of all threads. */
const script = `
import { readdirSync, readFileSync } from "node:fs";
import { packCode } from ${JSON.stringify(new URL("../../platform/workshop/workshop.ts", import.meta.url).href)};
await packCode(Buffer.from(${JSON.stringify(SOURCE.toString())}), ${JSON.stringify(UPLOAD)});
const nice = (task) => Number(readFileSync("/proc/self/task/" + task + "/stat", "utf8").split(") ")[1].split(" ")[16]);
console.log(JSON.stringify(readdirSync("/proc/self/task").map(nice)));
`;

/** Threads have a priority of their own on Linux alone. */
const onLinux = existsSync("/proc/self/task");

test.skipIf(!onLinux)("its thread lets others go first, and keeps no process alive", () => {
  const { status, stdout, stderr } = run(["--input-type=module", "-e", script]);
  expect([status, stderr]).toEqual([0, ""]);
  const own = spawnSync("nice", [], { encoding: "utf8" }).stdout;
  const priorities = JSON.parse(stdout) as number[];
  // The thread pool, where the thread was the first to need it, follows it.
  expect(new Set(priorities)).toEqual(new Set([Number(own), 10]));
});

test.skipIf(!onLinux)("the thread starts whatever options Node was given", () => {
  const file = join(folder, "program.mjs");
  writeFileSync(file, script);
  const options = [
    "--disable-warning=ExperimentalWarning",
    "--max-old-space-size=300",
    "--single-threaded-gc",
  ];
  const { status, stderr } = run([...options, file]);
  expect([status, stderr]).toEqual([0, ""]);
});

function run(args: readonly string[]) {
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
}
