import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { fungraph } from "../cli/command.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMPONENTS = "docs/components.md";
const run = promisify(execFile);

async function pages(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, "docs"), { recursive: true })).filter((name) =>
    name.endsWith(".md"),
  );
  const rooms = ["runtime-images/README.md", "runtime-images/PROTOCOL.md", "bench/README.md"];
  const examples = (await readdir(join(ROOT, "examples"))).map((name) => `examples/${name}/README.md`);
  return ["README.md", "CONTRIBUTING.md", ...rooms, ...docs.map((name) => `docs/${name}`), ...examples];
}

function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

describe("the documentation", { timeout: 120_000 }, () => {
  test("shows programs that type-check", async () => {
    // Inside the project, so that `import "fungraph"` means the project itself.
    const folder = await mkdtemp(join(ROOT, "test/examples/.docs-"));
    try {
      let count = 0;
      for (const page of await pages()) {
        // Its programs begin where those of the components' comments do: with what was declared before.
        if (page === COMPONENTS) continue;
        for (const block of blocks(await readFile(join(ROOT, page), "utf8"), "ts")) {
          await writeFile(join(folder, `block-${String(count++)}.ts`), block);
        }
      }
      expect(count).toBeGreaterThan(0);
      await writeFile(
        join(folder, "tsconfig.json"),
        JSON.stringify({ extends: "../../../tsconfig.json", include: ["*.ts"], exclude: [] }),
      );
      const compiler = join(ROOT, "node_modules/typescript-native/bin/tsc");
      const { stdout } = await run(process.execPath, [compiler, "-p", folder]).catch(
        (error: unknown) => error as { stdout: string },
      );
      expect(stdout).toBe("");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("links to files that are there", async () => {
    for (const page of await pages()) {
      const text = await readFile(join(ROOT, page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        const found = await stat(join(ROOT, dirname(page), target)).catch(() => undefined);
        expect(found, `${page} links to ${target}`).toBeDefined();
      }
    }
  });

  test("names commands that exist", async () => {
    const { stdout: help } = await fungraph(["--help"]);
    const scripts = Object.keys(
      (JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { scripts: object }).scripts,
    );
    for (const page of await pages()) {
      const shell = blocks(await readFile(join(ROOT, page), "utf8"), "sh").join("\n");
      for (const [, command = ""] of shell.matchAll(/fungraph ([a-z]+)/g))
        expect(help).toContain(`fungraph ${command}`);
      for (const [, script = ""] of shell.matchAll(/npm run ([a-z]+)/g)) expect(scripts).toContain(script);
    }
  });
});
