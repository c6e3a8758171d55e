import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { nodeArguments } from "../launch/node.mjs";

/** Whether processes can be held on one core here. */
export const canPin = spawnSync("taskset", ["-c", "1", "true"]).status === 0;

/** The command that runs `command` on one core, where that can be had. */
export function pinned(core: number, command: readonly string[]): [string, string[]] {
  const [program = "", ...args] = canPin ? ["taskset", "-c", String(core), ...command] : command;
  return [program, args];
}

/** A server process, and what it said about itself. */
export interface BenchServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** Where a platform is and how to sign for it. */
  readonly facts: Readonly<Record<string, string>>;
}

/** How a server process is started. */
export interface ProgramOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: this process's. */
  readonly cwd?: string;
  /** Core 0, or all. Default: one. */
  readonly cores?: "one" | "all";
}

/** Starts one of the scripts of this folder as the command is started, on core 0 or on all, and waits for its first line, which is JSON. */
export function startServer(
  script: string,
  environment: NodeJS.ProcessEnv = {},
  cores: "one" | "all" = "one",
): Promise<BenchServer> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return startProgram([process.execPath, ...nodeArguments, path], { environment, cores });
}

/** Starts the yardstick on core 0, by Node as it is. */
export function startBare(): Promise<BenchServer> {
  return startProgram([process.execPath, fileURLToPath(new URL("bare-server.ts", import.meta.url))]);
}

/** Starts a server and waits for its first line, which is JSON with its port. Rejects when it ends before that. */
export async function startProgram(
  command: readonly string[],
  { environment = {}, cwd, cores = "one" }: ProgramOptions = {},
): Promise<BenchServer> {
  const [name = "", ...given] = command;
  const [program, args] = cores === "all" ? [name, given] : pinned(0, command);
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(() => Promise.reject(new Error(`${command.at(-1)} ended before it was ready`))),
  ])) as [string];
  const facts = JSON.parse(line) as Record<string, string> & { port: number };
  return {
    pid: child.pid ?? 0,
    port: facts.port,
    facts,
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
