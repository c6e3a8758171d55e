import { spawnSync } from "node:child_process";
import type { Family } from "./cases.ts";
import { interpreter, type Interpreter } from "./instance.ts";

export interface Found {
  readonly title: string;
  readonly family: Family;
  readonly interpreter: Interpreter;
}

const PYTHONS = ["python2.7", "python3.6", "python3.9", "python3.10", "python3.12", "python3.13"];

/** The interpreters to test: this Node and python3; with FUNGRAPH_ALL_RUNTIMES every Node and Python on the PATH. */
export function findInterpreters(): { found: readonly Found[]; missing: readonly string[] } {
  const all = process.env.FUNGRAPH_ALL_RUNTIMES !== undefined;
  const commands: (readonly [Family, string])[] = [
    ["nodejs", process.execPath],
    ["python", "python3"],
  ];
  if (all) commands.push(...PYTHONS.map((command) => ["python", command] as const));
  for (const command of (process.env.FUNGRAPH_ALL_RUNTIMES ?? "").split(":"))
    if (command.includes("/")) commands.push([command.includes("python") ? "python" : "nodejs", command]);
  const found: Found[] = [];
  const missing: string[] = [];
  for (const [family, command] of commands) {
    const { status, stdout, stderr } = spawnSync(command, ["--version"], { encoding: "utf8" });
    // Python 2 tells its version on standard error.
    const version = (stdout || stderr || "").trim().replace(/^(Python |v)/, "");
    if (status === 0)
      found.push({ title: `${family} ${version}`, family, interpreter: interpreter(family, command) });
    else missing.push(`${family}: ${command} does not run on this machine`);
  }
  return { found, missing };
}
