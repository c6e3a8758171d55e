import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { TestPlatform } from "../provider/platform.ts";
import { missingEngine, missingProgram, YAML_HOST } from "./engine/binary.ts";
import { TestStack } from "./stack.ts";

const missing = missingEngine() ?? missingProgram(YAML_HOST);
if (missing !== undefined) console.log(`skipped: ${missing}`);

const PROJECT = `
name: program
runtime: yaml
plugins:
  providers:
    - name: fungraph
      path: ../../provider
resources:
  numbers:
    type: fungraph:Dependency
    properties: { name: numbers, runtime: Node.js20.15, code: ./numbers }
  hello:
    type: fungraph:Function
    properties:
      name: hello
      runtime: Node.js20.15
      handler: index.handler
      code: ./hello
      memoryMb: 128
      environment: { TEXT: good day }
      dependencies: ["\${numbers.versionId}"]
  current:
    type: fungraph:Version
    properties: { functionUrn: "\${hello.functionUrn}", contentDigest: "\${hello.codeDigest}" }
  prod:
    type: fungraph:Alias
    properties: { functionUrn: "\${hello.functionUrn}", name: prod, version: "\${current.version}" }
  greet:
    type: fungraph:HttpTrigger
    properties: { functionUrn: "\${prod.aliasUrn}", name: greet, path: /greet, auth: NONE }
outputs:
  url: \${greet.url}
`;

function answering(body: string): string {
  return `exports.handler = async (_event, _context) => ({ statusCode: 200, headers: {}, body: ${body}, isBase64Encoded: false });\n`;
}

describe.skipIf(missing !== undefined)("a program in YAML", { timeout: 240_000 }, () => {
  test("names its code by a path, and is deployed, changed and destroyed as one in TypeScript", async () => {
    await using platform = await TestPlatform.start();
    using stack = new TestStack({ program: "", platform: platform.running });
    stack.write("Pulumi.yaml", PROJECT);
    stack.write("hello/index.js", answering("process.env.TEXT + require('./numbers.js').one"));
    stack.write("numbers/numbers.js", "exports.one = 1;\n");
    await stack.must("stack", "init", "test");
    await stack.must("up", "--yes", "--skip-preview");
    const { url } = JSON.parse(await stack.must("stack", "output", "--json")) as { url: string };
    expect(await (await fetch(url)).text()).toBe("good day1");
    await stack.must("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes");
    stack.write("hello/index.js", answering("'changed'"));
    const changed = await stack.preview();
    expect(changed.find(({ urn }) => urn.endsWith("::hello"))?.detailedDiff).toMatchObject({
      codeDigest: { kind: "update" },
      codeSize: { kind: "update" },
    });
    await stack.must("up", "--yes", "--skip-preview");
    expect(await (await fetch(url)).text()).toBe("changed");
    await stack.must("destroy", "--yes", "--skip-preview");
    expect(await platform.client.functions.list()).toEqual([]);
  });

  test("is told every fault at preview, with what to write instead", async () => {
    using stack = new TestStack({ program: "" });
    stack.write("Pulumi.yaml", PROJECT.replace("code: ./hello", "code: ./helo"));
    stack.write("numbers/numbers.js", "exports.one = 1;\n");
    await stack.must("stack", "init", "test");
    const { code, stdout } = await stack.run("preview");
    expect(code).not.toBe(0);
    expect(stdout).toContain("property code value {./helo} has a problem");
    expect(stdout).toContain("does not exist. Correct the path");
    stack.write("Pulumi.yaml", PROJECT.replace("memoryMb: 128", "memoryMb: 100"));
    expect((await stack.run("preview")).stdout).toContain("100 — must be one of 128, 256");
  });
});

describe.skipIf(missing !== undefined)("the package", { timeout: 60_000 }, () => {
  test("tells its schema to `pulumi package`, for SDKs of every language", async () => {
    using stack = new TestStack({ program: "" });
    const told = await stack.must("package", "get-schema", join(stack.folder, "../../provider"));
    const file = readFileSync(new URL("../../docs/schema.json", import.meta.url), "utf8");
    expect(JSON.parse(told)).toEqual(JSON.parse(file));
  });
});
