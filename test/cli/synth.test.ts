import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { emptyFolder, fixture, fungraph } from "./command.ts";

interface Application {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
  }[];
  readonly outputs: Record<string, unknown>;
}

describe("synth", { timeout: 180_000 }, () => {
  test("prints the same bytes each time and in every place", async () => {
    await using one = await fixture("greeting-app");
    await using other = await fixture("greeting-app");
    const first = await fungraph(["synth", one.folder]);
    const second = await fungraph(["synth", one.folder]);
    const third = await fungraph(["synth"], { cwd: other.folder });
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toBe(first.stdout);
    expect(third.stdout).toBe(first.stdout);
    expect(first.stdout).not.toContain(one.folder);
    expect(first.stdout).not.toContain("correct horse");
    await expect(first.stdout).toMatchFileSnapshot("snapshots/synth.json");
  });

  test("writes to a file, takes settings, and names what only a platform knows", async () => {
    await using app = await fixture("greeting-app");
    const out = join(app.folder, "application.json");
    const { code, stdout } = await fungraph(["synth", app.folder, "--out", out, "--config", "word=Moin"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const application = JSON.parse(await readFile(out, "utf8")) as Application;
    const inputs = (type: string) => application.resources.find((each) => each.type.endsWith(type))?.inputs;
    expect(inputs("Function")?.["environment"]).toEqual({ WORD: "Moin" });
    expect(inputs("Alias")?.["version"]).toBe("(known when deployed)");
  });

  test("declares 400 functions", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(
      join(app.folder, "index.ts"),
      `import * as fg from "fungraph";
       for (let i = 0; i < 400; i += 1)
         new fg.Function(\`f\${i}\`, { runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./functions/greeting" });`,
    );
    const { code, stdout } = await fungraph(["synth", app.folder]);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Application).resources).toHaveLength(400);
  });

  test("fails on a folder without a program, and on a missing main", async () => {
    await using empty = await emptyFolder();
    const none = await fungraph(["synth", empty.folder]);
    await writeFile(join(empty.folder, "Pulumi.yaml"), "name: x\nmain: app.ts\n");
    const missing = await fungraph(["synth", empty.folder]);
    expect(none.stderr).toContain("has no program");
    expect(missing.stderr).toContain("main: app.ts, but there is no such file");
    expect([none.code, missing.code]).toEqual([1, 1]);
  });

  test("fails on an encrypted setting and says how to give it in clear", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(
      join(app.folder, "Pulumi.dev.yaml"),
      "config:\n  greeting-app:word:\n    secure: v1:abc\n",
    );
    const { code, stderr } = await fungraph(["synth", app.folder]);
    expect(code).toBe(1);
    expect(stderr).toContain("--config greeting-app:word=VALUE");
  });
});

describe("a program with a mistake", { timeout: 180_000 }, () => {
  const HEAD = `import * as pulumi from "@pulumi/pulumi";\nimport * as fg from "fungraph";\n`;
  const FN = `{ runtime: fg.Runtime.NodeJs20, handler: "index.handler", code: "./functions/greeting" }`;

  test.each([
    ["a syntax error", "const a = ;", /index\.ts:3\n[\s\S]*SyntaxError/],
    [
      "an exception",
      `function inner() { throw new TypeError("bad"); }\ninner();`,
      /TypeError: bad\n    at inner \(index\.ts:3:\d+\)\n    at index\.ts:4:1\n$/,
    ],
    [
      "an exception in apply",
      `new fg.Function("f", ${FN}).functionName.apply(() => { throw new Error("late"); });`,
      /late\n    at index\.ts:3:\d+/,
    ],
    ["a missing setting", `new pulumi.Config().require("nope");`, /--config greeting-app:nope=VALUE/],
    ["a missing module", `import "./gone.ts";`, /Cannot find module 'gone\.ts' imported from index\.ts/],
    ["an early end", "process.exit(3);", /ended by itself \(exit code 3\)/],
    [
      "a foreign resource",
      `new pulumi.CustomResource("random:index:Password", "p", {});`,
      /belongs to another Pulumi provider/,
    ],
    ["an engine call", `pulumi.runtime.invoke("aws:index:f", {});`, /only Pulumi's own engine can answer/],
  ])("fails on %s, without a stack of ours", async (_, program, message) => {
    await using app = await fixture("greeting-app");
    await writeFile(join(app.folder, "index.ts"), `${HEAD}${program}\n`);
    const { code, stdout, stderr } = await fungraph(["synth", app.folder]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/node:internal|node_modules|cli\//);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("tells all faults of a resource at once", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(
      join(app.folder, "index.ts"),
      `${HEAD}new fg.Function("f", { ...${FN}, memoryMb: 3, timeoutSeconds: 1 });`,
    );
    const { code, stderr } = await fungraph(["synth", app.folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Function "f"[^]*memoryMb[^]*timeoutSeconds/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("fails in a folder of CommonJS, and tells what to write", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(join(app.folder, "package.json"), `{ "type": "commonjs" }`);
    const { code, stderr } = await fungraph(["synth", app.folder]);
    expect(stderr).toContain('Write "type": "module" into the package.json');
    expect(code).toBe(1);
  });

  test("keeps its own output apart from the answer", async () => {
    await using app = await fixture("greeting-app");
    await writeFile(join(app.folder, "index.ts"), `console.log("hello");`);
    const { code, stdout, stderr } = await fungraph(["synth", app.folder]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "hello\n" });
    expect((JSON.parse(stdout) as Application).resources).toEqual([]);
  });

  test("may be an index.mts without a project file", async () => {
    await using app = await fixture("greeting-app");
    await rename(join(app.folder, "Pulumi.yaml"), join(app.folder, "ignored.yaml"));
    const { code } = await fungraph(["synth", app.folder, "--config", "word=x"]);
    expect(code).toBe(0);
  });
});
