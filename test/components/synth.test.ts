import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ProgramFolder } from "./recorder.ts";

const ROOT = join(import.meta.dirname, "../..");
const COUNT = 400;

/** A program of its own process, so that importing Pulumi is part of the time. */
const PROGRAM = `
const began = performance.now();
const pulumi = (await import("${ROOT}/node_modules/@pulumi/pulumi/index.js")).default;
const registered = new Map();
const newResource = ({ name, inputs }) => {
  registered.set(name, inputs.codeDigest);
  return { id: name, state: inputs };
};
await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
const fg = await import("${ROOT}/components/index.ts");
for (let i = 0; i < ${COUNT}; i += 1) {
  const code = process.argv[2] === "shared" ? "./fn0" : "./fn" + i;
  new fg.Function("fn" + i, { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code, memoryMb: 256 });
}
await pulumi.runtime.disconnect();
const milliseconds = Math.round(performance.now() - began);
console.log(JSON.stringify({ resources: registered.size, archives: new Set(registered.values()).size, milliseconds }));
`;

let folder: ProgramFolder;
beforeAll(() => {
  const files: Record<string, string> = { "program.ts": PROGRAM };
  for (let i = 0; i < COUNT; i += 1)
    files[`fn${i}/index.js`] = `exports.handler = async (event, context) => ${i};\n`;
  folder = new ProgramFolder(files);
});
afterAll(() => folder[Symbol.dispose]());

// The time is printed, not asserted: it says nothing on a machine that others work on.
test.each([
  ["with a folder each", "own", COUNT],
  ["that share a folder", "shared", 1],
])(
  `${COUNT} functions %s`,
  (what, mode, archives) => {
    const run = spawnSync(process.execPath, ["program.ts", mode], { cwd: folder.path, encoding: "utf8" });
    expect(run.stderr).toBe("");
    const { milliseconds, ...found } = JSON.parse(run.stdout) as Record<string, number>;
    expect(found).toEqual({ resources: COUNT, archives });
    console.log(`${COUNT} functions ${what}: ${milliseconds} ms from the start of the program`);
  },
  120_000,
);
