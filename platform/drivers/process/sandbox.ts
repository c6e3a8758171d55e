import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { open, statfs } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { relative } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import type { Claim, Usage, Way } from "../driver.ts";
import { LIMITS } from "../../../model/limits.ts";
import type { Cgroup } from "../machine/cgroups.ts";
import { connected, DOOR } from "../machine/door.ts";
import type { Cell, Remains } from "./housing.ts";
import { coverInherited, withLine, type Streams } from "./inherited.ts";
import type { Line } from "../machine/line.ts";
import type { MemoryWatch } from "../machine/memory-watch.ts";
import { ownerName } from "../machine/owner.ts";
import { CODE_ROOT, DOOR_FOLDER } from "./skeleton.ts";

const MB = 1024 * 1024;
/** So long after a claim the view of all code is taken away, which only root sees: first come the callers who wait. */
const SEAL_MS = 200;
/** Loading and initializing may use all processors for so long. */
const FREE_MS = 10_000;
/** Less than this is left of /tmp: it counts as full. */
const FULL_BYTES = 64 * 1024;
/** Descriptors of sandbox.sh. */
const STREAMS = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] as const;

/** What sandbox.sh says when all is built. */
const READY = "ready";
const NO_DOOR = "the instance was not claimed or is gone";
/** Stands for its answer when it is gone. */
const GONE = "";

/** What a sandbox is made from. */
export interface SandboxParts {
  /** Program and arguments that run sandbox.sh. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly group: Cgroup;
  /** Parent of all unpacked code. */
  readonly codeRoot: string;
  readonly watch: MemoryWatch;
  /** See ProcessDriverOptions. */
  readonly line: Line | undefined;
}

/** One sandboxed instance. */
export class Sandbox implements Cell {
  readonly child: ChildProcess;
  readonly line: string | undefined;
  readonly spawned: Promise<unknown>;
  readonly #group: Cgroup;
  readonly #codeRoot: string;
  readonly #watch: MemoryWatch;
  #temporary: FileHandle | undefined;
  #door: FileHandle | undefined;
  #overMemory = false;
  #sealing: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  #cpuMillicores: number | undefined;
  #built = false;
  /** Settles when all is built, or nothing is left. */
  readonly #standing = Promise.withResolvers<void>();
  #over = false;
  /** What waits for the answer to an order. */
  #asked: PromiseWithResolvers<string> | undefined;
  /** Settles when a runtime that was forked counts as this sandbox's. */
  #joined: Promise<void> = Promise.resolve();

  constructor({ command, environment, group, codeRoot, watch, line }: SandboxParts) {
    const [program, ...args] = command;
    // In no terminal's process group: Ctrl-C is for the platform, which then stops instances in good order.
    const options = { cwd: "/", env: environment, stdio: withLine(streams(), line), detached: true };
    this.child = spawn(program, args, options);
    line?.socket.destroy();
    this.line = line?.name;
    this.spawned = once(this.child, "spawn");
    this.spawned.catch(() => {
      // Whoever takes it is told.
    });
    this.#group = group;
    this.#codeRoot = codeRoot;
    this.#watch = watch;
    const lines = createInterface({ input: this.#orders });
    for (const stream of [this.#orders, this.#token, lines])
      stream.on("error", () => {
        // The instance ended while an order was on its way; its exit tells more.
      });
    lines.on("line", (said) => {
      this.#built ||= said === READY;
      if (said === READY) this.#standing.resolve();
      else this.#asked?.resolve(said);
    });
    this.#orders.once("close", () => {
      this.#over = true;
      this.#standing.resolve();
      this.#asked?.resolve(GONE);
    });
  }

  /** False when it has ended. */
  get stands(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the runtime, as soon as its world is built. */
  run(token: string): void {
    this.#token.end(`${token}\n`);
  }

  /** Owner name of the process that waits for `run`; undefined while the sandbox is being built, and when it is gone. */
  get waiting(): string | undefined {
    const [process] = this.#built ? children(this.#insider()) : [];
    return process === undefined ? undefined : ownerName(process);
  }

  /** Something else starts the runtime instead. @param joined see `join` */
  forking(joined: Promise<void>): void {
    this.#joined = joined;
    joined.catch(() => {
      // The claim tells.
    });
  }

  /** Takes a forked runtime in. Settles when it counts as this sandbox's. */
  async join(pid: number): Promise<void> {
    this.#token.write("forked\n");
    await this.#group.join(pid);
  }

  /** A forked runtime has ended. @param status as a shell tells it */
  ended(status: number): void {
    this.#token.end(`${status}\n`);
  }

  async claim(claim: Claim): Promise<string> {
    const folder = relative(this.#codeRoot, claim.codeDir);
    if (!/^[\w@+=-][\w.@+=/-]*$/.test(folder))
      throw new Error(
        `code folder ${JSON.stringify(claim.codeDir)} is not inside ${JSON.stringify(this.#codeRoot)}`,
      );
    // All at the same time: callers wait for this.
    const done = [this.#order(`claim ${folder}`), this.#limit(claim), this.#openFolders(), this.#joined];
    await Promise.all(done);
    this.#cpuMillicores = claim.cpuMillicores;
    this.#settling = setTimeout(() => this.settle(), FREE_MS).unref();
    this.#sealing = setTimeout(() => this.#orders.write("seal\n"), SEAL_MS).unref();
    this.#watch.add(this, claim.memoryMb * MB, () => {
      this.#overMemory = true;
      this.kill();
    });
    return CODE_ROOT;
  }

  settle(): void {
    clearTimeout(this.#settling);
    if (this.stands && this.#cpuMillicores !== undefined) this.#group.limitCpu(this.#cpuMillicores);
  }

  connect(): Promise<Socket> {
    if (this.#door === undefined) return Promise.reject(new Error(NO_DOOR));
    return connected(connect(`/proc/self/fd/${this.#door.fd}/${DOOR}`));
  }

  way(): Promise<Way> {
    if (this.#door === undefined) return Promise.reject(new Error(NO_DOOR));
    return Promise.resolve({ folder: `/proc/${process.pid}/fd/${this.#door.fd}` });
  }

  async usage(): Promise<Usage> {
    const [all, temporaryBytes] = await Promise.all([this.#group.memoryBytes(), this.#temporaryBytes()]);
    return { memoryBytes: Math.max(0, all - temporaryBytes), temporaryBytes };
  }

  pause(): void {
    this.#group.freeze(true);
  }

  resume(): void {
    this.#group.freeze(false);
  }

  kill(): void {
    this.resume();
    this.child.kill("SIGKILL");
  }

  async clear(): Promise<Remains> {
    this.#watch.remove(this);
    clearTimeout(this.#sealing);
    clearTimeout(this.#settling);
    const temporaryFull = LIMITS.temporaryBytes - (await this.#temporaryBytes()) < FULL_BYTES;
    const outOfMemory = this.#overMemory || this.#group.outOfMemory();
    await Promise.all([this.#temporary?.close(), this.#door?.close()]);
    this.#temporary = this.#door = undefined;
    await this.#group.end();
    return { outOfMemory, temporaryFull };
  }

  get #orders(): Duplex {
    return this.child.stdio[4] as Duplex;
  }

  get #token(): Duplex {
    return (this.child.stdio as readonly unknown[])[5] as Duplex;
  }

  async #order(text: string): Promise<void> {
    this.#asked = Promise.withResolvers();
    this.#orders.write(`${text}\n`);
    const answer = this.#over ? GONE : await this.#asked.promise;
    if (answer === GONE) throw new Error(`the instance ended before it could do: ${text}`);
    if (answer !== "ok") throw new Error(`the instance could not do: ${text}`);
  }

  // oxlint-disable-next-line typescript/require-await -- a failing write becomes a rejection, like those beside it
  async #limit({ memoryMb }: Claim): Promise<void> {
    // The kernel's line is at memory plus a full /tmp, since a tmpfs counts as memory; the watch draws the finer line.
    this.#group.limitMemory(memoryMb + LIMITS.temporaryBytes / MB);
  }

  /** An open folder is found by its descriptor, whatever happens to paths inside. */
  async #openFolders(): Promise<void> {
    await this.#standing.promise;
    const root = `/proc/${this.#insider()}/root`;
    [this.#temporary, this.#door] = await Promise.all([open(`${root}/tmp`), open(root + DOOR_FOLDER)]);
    // The bootstrap has put its socket there. From now on nobody inside can put anything else in its place.
    await this.#door.chown(0, 0);
  }

  /** Process id, as the platform sees it, of process 1 of the instance. */
  #insider(): number {
    return children(this.child.pid)[0] ?? Number.NaN;
  }

  /** The open folder still answers when the processes are gone. */
  async #temporaryBytes(): Promise<number> {
    if (this.#temporary === undefined) return 0;
    const { bsize, blocks, bfree } = await statfs(`/proc/self/fd/${this.#temporary.fd}`);
    return (blocks - bfree) * bsize;
  }
}

/** Process ids, oldest first. */
function children(pid: number | undefined): number[] {
  try {
    return readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8")
      .split(" ")
      .filter(Boolean)
      .map(Number);
  } catch {
    // It is gone.
    return [];
  }
}

let known: Streams | undefined;

/** The same for all: what this process inherited does not change. */
function streams(): Streams {
  return (known ??= coverInherited(STREAMS));
}
