import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../cli/fungraph.mjs", import.meta.url));
const FIXTURES = fileURLToPath(new URL("fixtures", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly input?: string;
}

/** A running command, started as a user starts it: by its bin file. */
export class Command {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], options: RunOptions = {}) {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
    this.child = spawn(process.execPath, [LAUNCHER, ...args], {
      cwd: options.cwd ?? tmpdir(),
      env: { ...env, ...options.env },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.child.stdout?.on("data", (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.child.stderr?.on("data", (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.child.stdin?.end(options.input ?? "");
    this.finished = new Promise((resolve) =>
      this.child.once("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  /** Waits until the output, from `from` on, matches; fails when the command ends first. */
  async says(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    let ended = false;
    void this.finished.then(() => (ended = true));
    for (;;) {
      const match =
        pattern.exec((this.stdout + this.stderr).slice(from)) ?? pattern.exec(this.stdout.slice(from));
      if (match !== null) return match;
      if (ended) throw new Error(`ended without saying ${pattern}:\n${this.stdout}\n${this.stderr}`);
      await pause(50);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.finished;
  }
}

/** Runs a command to its end. */
export function fungraph(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Command(args, options).finished;
}

/** A copy of a fixture in a folder of its own, which goes away with it. */
export async function fixture(name: string) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "fungraph-cli-")));
  await cp(join(FIXTURES, name), folder, { recursive: true });
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** An empty folder, which goes away at the end. */
export async function emptyFolder() {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "fungraph-cli-")));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Ids of all processes below one, itself left out. Linux only; empty elsewhere. */
export async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const entry of await readdir("/proc").catch(() => [])) {
    const stat = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    const [, parent] = /\) \S (\d+)/.exec(stat) ?? [];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const found = new Set([pid]);
  for (const each of found) for (const [child, parent] of parents) if (parent === each) found.add(child);
  found.delete(pid);
  return [...found];
}

/** Those of the processes that still run, after a moment for the last ones to go. */
export async function survivors(pids: readonly number[]): Promise<number[]> {
  let alive = pids.filter(isAlive);
  for (let i = 0; i < 100 && alive.length > 0; i += 1) {
    await pause(50);
    alive = alive.filter(isAlive);
  }
  return alive;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
