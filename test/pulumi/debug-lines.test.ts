import { expect, test } from "vitest";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const reason = missingEngine();
if (reason !== undefined) console.log(`Debugging lines are not tested: ${reason}`);

const PROGRAM = `
import * as fg from "fungraph";
for (const name of ["one", "two", "three"])
  new fg.Function(name, { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" });
`;

test.skipIf(reason !== undefined)("--debug shows every line of every resource", async () => {
  using stack = new TestStack({ program: PROGRAM });
  stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
  await stack.must("stack", "init", "lines");
  const shown = await stack.must("preview", "--debug");
  for (const name of ["one", "two", "three"])
    for (const begin of [
      `Registering resource: t=fungraph:index:Function, name=${name},`,
      `RegisterResource RPC prepared: t=fungraph:index:Function, name=${name}`,
      `RegisterResource RPC finished: resource:${name}[fungraph:index:Function]; err: null`,
    ])
      expect(shown).toContain(begin);
});
