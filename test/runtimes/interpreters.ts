import { spawnSync } from "node:child_process";
import { basename, delimiter } from "node:path";
import type { Family } from "./cases.ts";
import { interpreter, type Interpreter } from "./instance.ts";

export interface Found {
  readonly title: string;
  readonly family: Family;
  readonly interpreter: Interpreter;
}

/** The interpreters to test: this Node, python3, and those that FUNGRAPH_TEST_INTERPRETERS lists (paths, separated as in PATH). */
export function findInterpreters(): { found: readonly Found[]; missing: readonly string[] } {
  const listed = (process.env["FUNGRAPH_TEST_INTERPRETERS"] ?? "").split(delimiter);
  const found: Found[] = [];
  const missing: string[] = [];
  for (const command of [process.execPath, "python3", ...listed.filter((path) => path !== "")]) {
    const family = basename(command).startsWith("python") ? "python" : "nodejs";
    const { status, stdout, stderr } = spawnSync(command, ["--version"], { encoding: "utf8" });
    // Python 2 tells its version on standard error.
    const version = (stdout || stderr || "").trim().replace(/^(Python |v)/, "");
    if (status === 0)
      found.push({ title: `${family} ${version}`, family, interpreter: interpreter(family, command) });
    else missing.push(`${family}: ${command} does not run on this machine`);
  }
  return { found, missing };
}
