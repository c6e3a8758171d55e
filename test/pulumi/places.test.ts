import { expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const reason = missingEngine();
if (reason !== undefined) console.log(`Places of declarations are not tested: ${reason}`);

const PROGRAM = `import * as fg from "fungraph";
import { greet } from "./greet.ts";

const settings = { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" };
const direct = new fg.Function("direct", settings);
  direct.publish("published");
greet("helped");
`;
const GREET = `import * as fg from "fungraph";

export function greet(name: string): void {
  new fg.Function(name, { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./hello" });
}
`;

test.skipIf(reason !== undefined)(
  "the state names the lines that declare resources",
  { timeout: 120_000 },
  async () => {
    await using platform = await TestPlatform.start();
    using stack = new TestStack({ program: PROGRAM, platform: platform.running });
    stack.write("greet.ts", GREET);
    stack.write("hello/index.js", "exports.handler = async (_event, _context) => 1;\n");
    await stack.must("stack", "init", "places");
    await stack.must("up", "--yes", "--skip-preview");
    const state = await stack.state();
    const places = ["direct", "direct-published", "helped"].map((name) => state.get(name)?.sourcePosition);
    expect(places).toEqual([
      "project:///index.ts#5,16",
      "project:///index.ts#6,10",
      "project:///greet.ts#4,3",
    ]);
    // Whoever called is told too.
    const callers = state.get("helped")?.stackTrace?.map(({ sourcePosition }) => sourcePosition);
    expect(callers?.slice(0, 2)).toEqual(["project:///greet.ts#4,3", "project:///index.ts#7,1"]);
  },
);
