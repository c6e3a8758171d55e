import { fork, type ChildProcess } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { passThrough } from "../terminal/screen.ts";
import type { Registered, Registration, ToChild, ToParent } from "./messages.ts";
import type { Project } from "./project.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** What a program amounts to once it has run to its end. */
export interface Evaluated {
  /** Outputs that the program exports. */
  readonly outputs: Record<string, unknown>;
  /** Paths of secret ones. */
  readonly secretOutputs: readonly string[];
  /** Files of the program that were loaded, absolute. */
  readonly modules: readonly string[];
}

/** The program is wrong; each message is meant for its author. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly messages: readonly string[];
  readonly modules: readonly string[];
  constructor(messages: readonly string[], modules: readonly string[] = []) {
    super(messages.join("\n"));
    this.messages = messages;
    this.modules = modules;
  }
}

/**
 * Runs a program in a fresh process, without the Pulumi engine. Each declared resource is given to `register`, whose
 * answer the program goes on with; dependent resources therefore come after it.
 * @param prepared a process that `prepareChild` started earlier; by default a new one is started
 * @throws ProgramError when the program is wrong; whatever `register` throws, after every other call to it has ended
 */
export async function evaluate(
  project: Project,
  register: (registration: Registration) => Promise<Registered>,
  prepared: ChildProcess = prepareChild(project.folder),
): Promise<Evaluated> {
  const running = new Set<Promise<void>>();
  try {
    return await new Promise<Evaluated>((resolve, reject) => {
      prepared.on("message", (message: ToParent) => {
        if (message.kind === "finished") resolve(message);
        else if (message.kind === "failed") reject(new ProgramError(message.messages, message.modules));
        else {
          const work = answer(prepared, message.call, register(message.registration)).catch(reject);
          running.add(work);
          void work.then(() => running.delete(work));
        }
      });
      prepared.once("exit", (code, signal) =>
        reject(new ProgramError([`The program ended by itself (${signal ?? `exit code ${code}`}) before it had declared everything.`])),
      );
      prepared.once("error", reject);
      send(prepared, { kind: "run", program: project.program });
    });
  } finally {
    await Promise.all(running);
    prepared.kill("SIGKILL");
  }
}

/** Starts a process that loads Pulumi and then waits for a program; it ends with this process at the latest. */
export function prepareChild(folder: string): ChildProcess {
  const child = fork(CHILD, [], {
    cwd: folder,
    // Program output is for the reader, not part of the answer.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache() },
    execArgv: [...process.execArgv, "--enable-source-maps"],
  });
  child.stdout?.on("data", passThrough);
  child.stderr?.on("data", passThrough);
  return child;
}

async function answer(child: ChildProcess, call: number, work: Promise<Registered>): Promise<void> {
  send(child, { kind: "registered", call, registered: await work });
}

function send(child: ChildProcess, message: ToChild): void {
  if (child.connected) child.send(message);
}

/** Below the user's own folder: what is cached there is run. */
function compileCache(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return process.env["NODE_COMPILE_CACHE"] ?? join(cache, "fungraph", "compiled");
}
