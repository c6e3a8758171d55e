import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { passThrough } from "../terminal/screen.ts";
import type { Registered, Registration, ToChild, ToParent } from "./messages.ts";
import type { Project } from "./project.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));
const LAUNCH = fileURLToPath(new URL("../../launch/program.mjs", import.meta.url));

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

/** How a program is run. */
export interface EvaluateOptions {
  /** In a preview, outputs may be unknown, and what the program makes of them is not computed. */
  readonly preview: boolean;
  /** Answers a declared resource; the program goes on with the answer. */
  readonly register: (registration: Registration) => Promise<Registered>;
  /** Stops the program; answers under way are awaited. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program in a fresh process, without the Pulumi engine. A resource is registered after those it depends on.
 * @throws ProgramError when the program is wrong; the signal's reason; whatever `register` throws. Never before every
 * other answer has been given.
 */
export async function evaluate(project: Project, options: EvaluateOptions): Promise<Evaluated> {
  const { preview, register, signal } = options;
  signal?.throwIfAborted();
  const child = startChild(project.folder);
  const answers = new Set<Promise<void>>();
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal?.reason);
  signal?.addEventListener("abort", stop);
  try {
    return await new Promise<Evaluated>((resolve, reject) => {
      stopped.promise.catch(reject);
      child.once("error", reject);
      child.once("close", (code, killed) => reject(endedEarly(killed ?? `exit code ${code}`)));
      child.on("message", (message: ToParent) => {
        if (message.kind === "finished") resolve(message);
        else if (message.kind === "failed") reject(new ProgramError(message.messages, message.modules));
        else answers.add(answer(child, message.call, register(message.registration)).catch(reject));
      });
      send(child, { kind: "run", preview, program: project.program });
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    child.removeAllListeners("message");
    await Promise.all(answers);
    child.kill("SIGKILL");
  }
}

function endedEarly(how: string): ProgramError {
  return new ProgramError([`The program ended by itself (${how}) before it had declared everything.`]);
}

/** Starts a process that loads Pulumi and then waits for a program; it ends with this process at the latest. */
function startChild(folder: string): ChildProcess {
  const child = fork(CHILD, [], {
    cwd: folder,
    // Program output is for the reader, not part of the answer.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--disable-warning=ExperimentalWarning", "--import", LAUNCH],
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
