import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const LAUNCH = fileURLToPath(new URL("../../launch/program.mjs", import.meta.url));

test("a program and a thread of its own begin in TypeScript, and end by themselves", () => {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-launch-"));
  try {
    writeFileSync(
      join(folder, "main.ts"),
      `import { Worker } from "node:worker_threads";
      const own: Worker = new Worker(new URL("own.ts", import.meta.url));
      own.on("message", (text: string) => console.log(text));`,
    );
    writeFileSync(
      join(folder, "own.ts"),
      `import { parentPort } from "node:worker_threads";
      const text: string = "from a thread";
      parentPort?.postMessage(text);`,
    );
    const args = ["--disable-warning=ExperimentalWarning", "--import", LAUNCH, join(folder, "main.ts")];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe("from a thread\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
