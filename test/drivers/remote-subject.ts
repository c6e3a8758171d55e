import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RemoteDriver } from "../../platform/drivers/remote/remote-driver.ts";
import type { Subject } from "./contract.ts";
import { containersOf } from "./docker-subject.ts";
import { controlGroups, writeCode } from "./subjects.ts";

const PROGRAM = fileURLToPath(new URL("scheduler-process.ts", import.meta.url));

export type Kind = "fake" | "auto" | "bare" | "docker";

/** A scheduler in a process of its own, with a driver of this kind. */
export class SchedulerProcess {
  readonly path: string;
  readonly runDir: string;
  readonly child: ChildProcess;
  readonly #kind: Kind;

  // oxlint-disable-next-line max-params -- where it is and what it runs
  private constructor(path: string, runDir: string, child: ChildProcess, kind: Kind) {
    this.#kind = kind;
    this.path = path;
    this.runDir = runDir;
    this.child = child;
  }

  /** Settles when it listens. */
  static start(kind: Kind): Promise<SchedulerProcess> {
    const folder = mkdtempSync(join(tmpdir(), "fungraph-scheduler-"));
    return SchedulerProcess.#start(kind, join(folder, "scheduler"), join(folder, "run"));
  }

  /** Another one in its place, at once, when it was killed. */
  async again(): Promise<SchedulerProcess> {
    await this.crash();
    return SchedulerProcess.#start(this.#kind, this.path, this.runDir);
  }

  static async #start(kind: Kind, path: string, runDir: string): Promise<SchedulerProcess> {
    const stdio = ["ignore", "pipe", "inherit"] as const;
    const child = spawn(process.execPath, [PROGRAM, path, runDir, kind], { stdio: [...stdio] });
    await Promise.race([
      once(child.stdout, "data"),
      once(child, "exit").then(() => Promise.reject(new Error("the scheduler did not start"))),
    ]);
    return new SchedulerProcess(path, runDir, child, kind);
  }

  /** What it keeps of instances. */
  async leftovers(): Promise<string[]> {
    const pid = this.child.pid ?? 0;
    const folders = existsSync(this.runDir) ? readdirSync(this.runDir) : [];
    const containers = this.#kind === "docker" ? await containersOf(pid) : [];
    return [...folders, ...controlGroups(pid), ...containers];
  }

  /** Ends it at once, and leaves all that it had. */
  async crash(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.crash();
    rmSync(dirname(this.path), { recursive: true, force: true });
  }
}

export interface RemoteSubject extends Subject {
  readonly driver: RemoteDriver;
  readonly folder: string;
}

/** The remote driver of a gateway, with these schedulers. */
export async function remoteSubject(
  kind: Kind,
  schedulers: readonly SchedulerProcess[],
): Promise<RemoteSubject> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-remote-"));
  const codeRoot = join(folder, "code");
  mkdirSync(codeRoot, { mode: 0o700 });
  const driver = await RemoteDriver.open({
    runDir: join(folder, "gateway"),
    codeRoot,
    problem: (error) => console.error(error),
  });
  driver.follow(schedulers.map(({ path }) => path));
  await driver.ready();
  const fake = kind === "fake";
  return {
    driver,
    folder,
    code: (name, source) => writeCode(codeRoot, name, source),
    print: (text) =>
      fake
        ? `context.print(${JSON.stringify(text)})`
        : `require("fs").writeSync(1, ${JSON.stringify(`${text}\n`)})`,
    exit: (code) => (fake ? `context.exit({ code: ${code} })` : `process.exit(${code})`),
    leftovers: async () => (await Promise.all(schedulers.map((one) => one.leftovers()))).flat(),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
