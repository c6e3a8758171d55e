import { readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { type PackedInputs, packCode } from "../../components/internal/code.ts";
import { ProgramFolder } from "./recorder.ts";

const ENTRY = { code: "./fn", runtime: "Node.js20.15", handler: "index.handler" };
const SOURCE = "exports.handler = async (event, context) => event;\nexports.other = exports.handler;\n";

function pack(root: string, more: Partial<typeof ENTRY> = {}): PackedInputs {
  const { faults, packed } = packCode({ root, ...ENTRY, ...more });
  expect(faults).toEqual([]);
  if (packed === undefined) throw new Error("nothing was packed");
  return packed;
}

test("the archive lies where the inputs say, with the content they name", () => {
  using folder = new ProgramFolder({ "fn/index.js": SOURCE });
  const packed = pack(folder.path);
  const archive = readFileSync(packed.codeArchive);
  expect(packed).toEqual({
    codeType: "zip",
    codeSize: archive.length,
    codeDigest: createHash("sha512").update(archive).digest("hex"),
    codeFilename: "index.zip",
    codeArchive: `.fungraph/code/${packed.codeDigest.slice(0, 32)}.zip`,
  });
  expect(readdirSync(".fungraph/code")).toHaveLength(1);
});

test("a folder is read once in a turn, and again in the next", async () => {
  using folder = new ProgramFolder({ "fn/index.js": SOURCE });
  const first = pack(folder.path);
  writeFileSync("fn/index.js", `${SOURCE}// changed\n`);
  expect(pack(folder.path)).toEqual(first);
  await nextTurn();
  expect(pack(folder.path).codeDigest).not.toBe(first.codeDigest);
});

test("handlers that share code are each checked", () => {
  using folder = new ProgramFolder({ "fn/index.js": SOURCE });
  expect(pack(folder.path, { handler: "index.other" })).toEqual(pack(folder.path));
  const { faults } = packCode({ root: folder.path, ...ENTRY, handler: "index.missing" });
  expect(faults).toMatchObject([{ property: "handler", value: "index.missing" }]);
});

test("old archives go, and nothing else", async () => {
  using folder = new ProgramFolder({ "fn/index.js": SOURCE, "fn2/index.js": SOURCE + SOURCE });
  const [old, mine] = [`.fungraph/code/${"a".repeat(32)}.zip`, ".fungraph/code/notes.txt"];
  pack(folder.path, { code: "./fn2" });
  await nextTurn();
  using other = new ProgramFolder({ "fn/index.js": SOURCE, [old]: "old", [mine]: "mine" });
  for (const name of [old, mine]) utimesSync(name, new Date(0), new Date(0));
  const { codeArchive } = pack(other.path);
  expect(
    readdirSync(".fungraph/code")
      .map((name) => `.fungraph/code/${name}`)
      .sort(),
  ).toEqual([codeArchive, mine].sort());
});

test("packing that breaks for another reason than the code says so", () => {
  using folder = new ProgramFolder({ "fn/index.js": SOURCE, ".fungraph": "a file in the way" });
  expect(() => packCode({ root: folder.path, ...ENTRY })).toThrow(
    /^Packing \.\/fn failed: .*(EEXIST|ENOTDIR)/,
  );
});
