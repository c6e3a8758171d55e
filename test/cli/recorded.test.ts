import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fungraph } from "./command.ts";

/** The program that Pulumi's engine deploys in test/pulumi/: one of everything, with every setting. */
const PROGRAM = fileURLToPath(new URL("../pulumi/recorded/0.1.0", import.meta.url));

test(
  "the program of the recorded stack runs without the engine too, on another platform than it names",
  {
    timeout: 180_000,
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "fungraph-recorded-"));
    try {
      await cp(PROGRAM, folder, { recursive: true });
      await writeFile(join(folder, "package.json"), '{"type": "module"}');
      await writeFile(join(folder, "north.ts"), NORTH);
      await writeFile(join(folder, "all.ts"), 'import "./index.ts";\nimport "./north.ts";\n');
      await writeFile(join(folder, "Pulumi.yaml"), "name: recorded\nmain: all.ts\nruntime: nodejs\n");
      const first = await fungraph(["dev", folder, "--port", "0", "--exit"]);
      expect(first.stdout + first.stderr).toMatch(/Function +elsewhere +\+ created/);
      expect(first.code).toBe(0);
      const again = await fungraph(["dev", folder, "--port", "0", "--exit"]);
      expect(again.stdout).not.toMatch(/created|updated|replaced|deleted/);
      expect(again.code).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

const NORTH = `import * as fg from "fungraph";
const keys = { endpoint: "http://127.0.0.1:1", projectId: "p", accessKey: "a", secretKey: "s" };
const provider = new fg.Provider("north", keys);
void new fg.Function("elsewhere", { runtime: fg.Runtime.Python312, handler: "index.handler", code: "./alarm" }, { provider });
`;
