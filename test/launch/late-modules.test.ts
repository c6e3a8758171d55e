import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const LAUNCH = fileURLToPath(new URL("../../launch/program.mjs", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** What a program says that is started the way Pulumi starts programs. */
function run(program: string): unknown {
  const args = ["--import", LAUNCH, "--input-type=module", "--eval", program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" }));
}

const LOADED = `
import { createRequire } from "node:module";
const { cache } = createRequire(process.cwd() + "/program.js");
const loaded = (name) => Object.keys(cache).filter((path) => path.includes("/node_modules/" + name)).length;
`;

test("a program starts without what it does not use of the SDK", () => {
  const counts = run(`${LOADED}
    import "@pulumi/pulumi";
    console.log(JSON.stringify([loaded("pacote/"), loaded("execa/"), loaded("typescript/lib/typescript.js")]));
  `);
  expect(counts).toEqual([0, 0, 0]);
});

test("the automation API is there when it is used, by either way", () => {
  const told = run(`
    import { automation } from "@pulumi/pulumi";
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const stack = automation.fullyQualifiedStackName("org", "project", "stack");
    const has = ["LocalWorkspace" in automation, Object.keys(automation).includes("LocalWorkspace")];
    console.log(JSON.stringify([stack, LocalWorkspace === automation.LocalWorkspace, ...has]));
  `);
  expect(told).toEqual(["org/project/stack", true, true, true]);
});

test("functions are serialized as without the delay", () => {
  const told = run(`${LOADED}
    import * as pulumi from "@pulumi/pulumi";
    const more = 2;
    const { text } = await pulumi.runtime.serializeFunction((given) => given + more);
    console.log(JSON.stringify([text.includes("given + more"), loaded("typescript/lib/typescript.js")]));
  `);
  expect(told).toEqual([true, 1]);
});

test("what reads trees of packages can be made and inherited from", () => {
  const told = run(`
    import "@pulumi/pulumi";
    import Arborist from "@npmcli/arborist";
    class Own extends Arborist.Arborist {}
    console.log(JSON.stringify([new Arborist({ path: "/" }).path, new Own({ path: "/tmp" }).path]));
  `);
  expect(told).toEqual(["/", "/tmp"]);
});
