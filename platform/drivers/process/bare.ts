import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Claim, Usage } from "../driver.ts";
import { coverInherited } from "./inherited.ts";
import { tenantEnvironment } from "./housing.ts";
import type { Cell, Housing, Remains, Tenant } from "./housing.ts";

const run = promisify(execFile);

/** Instances as plain child processes: for development on machines that allow no more. */
export class BareProcesses implements Housing {
  readonly isolation = ["process group", "temporary folder", "environment"];
  readonly missing: readonly string[];
  readonly canPause = true;
  readonly limitsMemory = false;
  readonly #images: string;
  readonly #streams = coverInherited(["ignore", "pipe", "pipe", "pipe"]);

  /** @param images folder of the bootstraps. @param why what keeps this machine from more, as a sentence */
  constructor(images: string, why: string) {
    this.#images = images;
    this.missing = [
      `file, network and process isolation: functions run as this user and see what it sees. ${why}`,
      `memory, CPU, process and /tmp limits are not in force. ${why}`,
    ];
  }

  start({ interpreter, token, folder }: Tenant): Cell {
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    const image = join(this.#images, interpreter.family);
    const child = spawn(interpreter.program, interpreter.arguments(image), {
      cwd: temporary,
      env: {
        ...tenantEnvironment(token, process.env["PATH"] ?? ""),
        HOME: temporary,
        TMPDIR: temporary,
      },
      stdio: this.#streams,
      detached: true,
    });
    return new BareProcess(child, temporary);
  }

  recover(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class BareProcess implements Cell {
  readonly child: ChildProcess;
  readonly #temporary: string;

  constructor(child: ChildProcess, temporary: string) {
    this.child = child;
    this.#temporary = temporary;
  }

  claim(claim: Claim): Promise<string> {
    return Promise.resolve(claim.codeDir);
  }

  async usage(): Promise<Usage> {
    const [{ stdout }, temporaryBytes] = await Promise.all([
      run("ps", ["-o", "rss=", "-p", String(this.child.pid)]),
      folderBytes(this.#temporary),
    ]);
    return { memoryBytes: Number(stdout) * 1024, temporaryBytes };
  }

  pause(): void {
    this.#signal("SIGSTOP");
  }

  resume(): void {
    this.#signal("SIGCONT");
  }

  kill(): void {
    this.#signal("SIGKILL");
  }

  clear(): Promise<Remains> {
    // What the runtime started may still be there.
    this.kill();
    return Promise.resolve({ outOfMemory: false, temporaryFull: false });
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        // Deleted since it was listed.
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
