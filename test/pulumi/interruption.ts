import { type ChildProcess, execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { ended, type Said, type TestStack } from "./stack.ts";

/** Starts a command, waits until the step is reached, ends the run and lets the step go on. */
export async function interrupt(
  stack: TestStack,
  command: string,
  reached: Promise<() => void>,
  end: (engine: ChildProcess) => void,
): Promise<Said> {
  const engine = stack.start(command, "--yes", "--skip-preview");
  const said = ended(engine);
  const release = await Promise.race([reached, said.then(({ stdout }) => Promise.reject(new Error(stdout)))]);
  const provider = providerOf(engine);
  end(engine);
  // What comes after a kill -9 finds nobody; after a Ctrl-C the provider still hears the answer.
  setTimeout(release, 300);
  const how = await said;
  await gone(provider);
  return how;
}

/** Waits until a process is no more. */
export async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await sleep(50);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The provider's process, found among the engine's children. */
export function providerOf(engine: ChildProcess): number {
  const found = children(engine).find(({ args }) => args.includes("pulumi-resource-fungraph"));
  if (found === undefined) throw new Error("the engine has no provider");
  return found.pid;
}

/** The engine's plugins and host of the program. */
export function childrenOf(engine: ChildProcess): number[] {
  return children(engine).map(({ pid }) => pid);
}

function children(engine: ChildProcess): { readonly pid: number; readonly args: string }[] {
  const table = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return parent === String(engine.pid) ? [{ pid: Number(pid), args: args.join(" ") }] : [];
  });
}
