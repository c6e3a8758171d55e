import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Claim, Usage, Way } from "../driver.ts";
import { connected, DOOR, near } from "../machine/door.ts";
import type { OpenLine } from "../machine/line.ts";
import { coverInherited, withLine } from "./inherited.ts";
import { librariesVariable, tenantEnvironment } from "./housing.ts";
import type { Cell, Housing, Remains, Tenant } from "./housing.ts";

const run = promisify(execFile);

const PORT_TAKEN =
  "port 8000 of this machine serves the instance of another HTTP function. Without a sandbox only one can run at a time: start the platform as root on Linux, or wait until that one is idle";

const NO_PORT = "the instance serves no port";

/** Instances as plain child processes: for development on machines that allow no more. */
export class BareProcesses implements Housing {
  readonly isolation = ["process group", "temporary folder", "environment"];
  readonly missing: readonly string[];
  readonly canPause = true;
  readonly limitsMemory = false;
  readonly #images: string;
  readonly #streams = coverInherited(["ignore", "pipe", "pipe", "pipe"]);
  readonly #port = new SharedPort();
  readonly #openLine: OpenLine | undefined;

  /** @param images folder of the bootstraps. @param why what keeps this machine from more, as a sentence. @param openLine see ProcessDriverOptions */
  constructor(images: string, why: string, openLine?: OpenLine) {
    this.#images = images;
    this.#openLine = openLine;
    this.missing = [
      `file, network and process isolation: functions run as this user and see what it sees. ${why}`,
      `memory, CPU, process and /tmp limits are not in force. ${why}`,
      `a port 8000 of its own for each instance: HTTP functions run in one instance at a time. ${why}`,
    ];
  }

  expect(): void {
    // Nothing is made ahead.
  }

  async start({ interpreter, token, folder }: Tenant): Promise<Cell> {
    const line = await this.#openLine?.();
    const temporary = join(folder, "tmp");
    mkdirSync(temporary);
    const image = join(this.#images, interpreter.family);
    const child = spawn(resolve(image, interpreter.program), interpreter.arguments(image, temporary), {
      cwd: temporary,
      env: {
        ...tenantEnvironment(process.env["PATH"] ?? ""),
        FUNGRAPH_TOKEN: token,
        HOME: temporary,
        TMPDIR: temporary,
        ...librariesVariable(interpreter, "folder"),
        // Relative, because the path of a socket may be no longer than about a hundred characters.
        ...(interpreter.door ? { FUNGRAPH_DOOR: `unix:../${DOOR}` } : {}),
      },
      stdio: withLine(this.#streams, line),
      detached: true,
    });
    const port = interpreter.door ? this.#port : undefined;
    line?.socket.destroy();
    return new BareProcess({ child, line: line?.name, temporary, door: join(folder, DOOR), port });
  }

  recover(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Port 8000 of this machine, which all instances share: it belongs to one at a time. */
class SharedPort {
  owner: BareProcess | undefined = undefined;
}

interface BareParts {
  readonly child: ChildProcess;
  readonly line: string | undefined;
  readonly temporary: string;
  /** Path of the socket. */
  readonly door: string;
  /** Set where the code will listen on port 8000. */
  readonly port: SharedPort | undefined;
}

class BareProcess implements Cell {
  readonly child: ChildProcess;
  readonly line: string | undefined;
  readonly spawned: Promise<unknown>;
  readonly #parts: BareParts;

  constructor(parts: BareParts) {
    this.child = parts.child;
    this.line = parts.line;
    this.spawned = once(parts.child, "spawn");
    this.#parts = parts;
  }

  claim(claim: Claim): Promise<string> {
    const { port } = this.#parts;
    if (port?.owner !== undefined) return Promise.reject(new Error(PORT_TAKEN));
    if (port !== undefined) port.owner = this;
    return Promise.resolve(claim.codeDir);
  }

  settle(): void {
    // Nothing limits it.
  }

  connect(): Promise<Socket> {
    const { door } = this.#parts;
    if (!this.#serves) return Promise.reject(new Error(NO_PORT));
    return connected(connect(near(door)));
  }

  way(): Promise<Way> {
    if (!this.#serves) return Promise.reject(new Error(NO_PORT));
    return Promise.resolve({ folder: dirname(this.#parts.door) });
  }

  async usage(): Promise<Usage> {
    const [{ stdout }, temporaryBytes] = await Promise.all([
      run("ps", ["-o", "rss=", "-p", String(this.child.pid)]),
      folderBytes(this.#parts.temporary),
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
    const { port } = this.#parts;
    if (port?.owner === this) port.owner = undefined;
    return Promise.resolve({ outOfMemory: false, temporaryFull: false });
  }

  get #serves(): boolean {
    return this.#parts.port?.owner === this;
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
