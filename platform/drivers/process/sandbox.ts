import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { open, statfs } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Claim, Usage } from "../driver.ts";
import { LIMITS } from "../../../model/limits.ts";
import type { Cgroup, Cgroups } from "../machine/cgroups.ts";
import { connected, DOOR } from "../machine/door.ts";
import { librariesVariable, tenantEnvironment } from "./housing.ts";
import type { Cell, Housing, Remains, Tenant } from "./housing.ts";
import { coverInherited } from "./inherited.ts";
import type { Interpreter } from "./languages/language.ts";
import { MemoryWatch } from "../machine/memory-watch.ts";
import { CODE_ROOT, commandInside, DOOR_FOLDER, librariesInside, writeSkeleton } from "./skeleton.ts";
import type { Skeleton, World } from "./skeleton.ts";

const SCRIPT = fileURLToPath(new URL("sandbox.sh", import.meta.url));
const DIE_WITH_PLATFORM = ["--pdeathsig", "KILL", "--", "unshare"];
const NAMESPACES = ["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** What sandbox.sh calls. */
const SETPRIV = "setpriv";
const TOOLS = [SETPRIV, "unshare", "mount", "umount", "pivot_root", "ip"];
const MB = 1024 * 1024;
/** So long after a claim the view of all code is taken away, which only root sees: first come the callers who wait. */
const SEAL_MS = 200;
/** Less than this is left of /tmp: it counts as full. */
const FULL_BYTES = 64 * 1024;

const NO_WAY_OUT =
  "network access: an instance reaches only its own loopback, not the Internet or other machines; use the docker or kubernetes target for functions that call out.";

/** Instances in namespaces and cgroups of their own (sandbox.sh). Needs Linux, root and util-linux. */
export class Sandboxes implements Housing {
  readonly isolation = [
    "mount namespace",
    "network namespace",
    "process namespace",
    "IPC namespace",
    "host-name namespace",
    "user 1003 without capabilities",
    "read-only code and system",
    "private /tmp with a size limit",
    "memory, CPU and process limits",
  ];
  readonly missing = [NO_WAY_OUT];
  readonly canPause = true;
  readonly limitsMemory = true;
  readonly #world: World;
  readonly #cgroups: Cgroups;
  readonly #skeleton: Skeleton;
  readonly #watch = new MemoryWatch();
  readonly #streams = coverInherited(["ignore", "pipe", "pipe", "pipe", "pipe"]);

  private constructor(world: World, cgroups: Cgroups) {
    this.#world = world;
    this.#cgroups = cgroups;
    this.#skeleton = writeSkeleton(world);
  }

  /**
   * Builds the skeleton and tries it with a program that does nothing.
   * @throws Error with what this machine lacks
   */
  static open(world: World, cgroups: Cgroups): Sandboxes {
    const missing = TOOLS.filter((tool) => !PATH.split(":").some((folder) => existsSync(join(folder, tool))));
    if (missing.length > 0) throw new Error(`it has no ${missing.join(", ")}`);
    const sandboxes = new Sandboxes(world, cgroups);
    sandboxes.#try();
    return sandboxes;
  }

  start(tenant: Tenant): Cell {
    const group = this.#cgroups.create(tenant.id);
    const { interpreter } = tenant;
    const libraries = librariesInside(interpreter, this.#world.interpreters);
    const child = spawn(SETPRIV, this.#arguments(group, interpreter, commandInside(interpreter)), {
      cwd: "/",
      env: {
        ...tenantEnvironment(tenant.token, PATH),
        HOME: "/home/snuser",
        USER: "snuser",
        TMPDIR: "/tmp",
        ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
        ...librariesVariable(interpreter, "inside"),
        ...(interpreter.door ? { FUNGRAPH_DOOR: `unix:${DOOR_FOLDER}/${DOOR}` } : {}),
      },
      stdio: this.#streams,
      // Not in the terminal's process group: Ctrl-C is for the platform, which then stops instances in good order.
      detached: true,
    });
    return new Sandbox(child, group, this.#world.codeRoot, this.#watch);
  }

  recover(): Promise<void> {
    return this.#cgroups.recover();
  }

  close(): Promise<void> {
    this.#watch.close();
    this.#cgroups.close();
    return Promise.resolve();
  }

  #arguments(group: Cgroup, interpreter: Interpreter, command: readonly string[]): string[] {
    const { root } = this.#skeleton;
    return [
      ...DIE_WITH_PLATFORM,
      ...NAMESPACES,
      "--",
      "sh",
      SCRIPT,
      root,
      this.#skeleton.fstab(interpreter),
      group.folders.join(" "),
      ...command,
    ];
  }

  #try(): void {
    const [interpreter] = this.#world.interpreters;
    if (interpreter === undefined) return;
    const group = this.#cgroups.create("try");
    try {
      const { status, stderr, error } = spawnSync(
        SETPRIV,
        this.#arguments(group, interpreter, ["/bin/true"]),
        {
          env: { PATH },
          // The script wants descriptors 3 and 4; reading from /dev/null says at once that the platform is gone.
          stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
          encoding: "utf8",
          timeout: 10_000,
        },
      );
      if (status !== 0) throw new Error(error?.message ?? stderr.trim());
    } finally {
      group.remove();
    }
  }
}

/** One sandboxed instance. */
class Sandbox implements Cell {
  readonly child: ChildProcess;
  readonly #group: Cgroup;
  readonly #codeRoot: string;
  readonly #watch: MemoryWatch;
  #temporary: FileHandle | undefined;
  #door: FileHandle | undefined;
  #overMemory = false;
  #sealing: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, group: Cgroup, codeRoot: string, watch: MemoryWatch) {
    this.child = child;
    this.#group = group;
    this.#codeRoot = codeRoot;
    this.#watch = watch;
    this.#orders.on("error", () => {
      // The instance ended while an order was on its way; its exit tells more.
    });
  }

  async claim(claim: Claim): Promise<string> {
    const folder = relative(this.#codeRoot, claim.codeDir);
    if (!/^[\w@+=-][\w.@+=/-]*$/.test(folder))
      throw new Error(
        `code folder ${JSON.stringify(claim.codeDir)} is not inside ${JSON.stringify(this.#codeRoot)}`,
      );
    // All at the same time: callers wait for this.
    await Promise.all([this.#order(`claim ${folder}`), this.#limit(claim), this.#openFolders()]);
    this.#sealing = setTimeout(() => this.#orders.write("seal\n"), SEAL_MS).unref();
    this.#watch.add(this, claim.memoryMb * MB, () => {
      this.#overMemory = true;
      this.kill();
    });
    return CODE_ROOT;
  }

  connect(): Promise<Socket> {
    if (this.#door === undefined) return Promise.reject(new Error("the instance was not claimed or is gone"));
    return connected(connect(`/proc/self/fd/${this.#door.fd}/${DOOR}`));
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

  #order(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const lines = createInterface({ input: this.#orders });
      lines.once("line", (answer) => {
        if (answer === "ok") resolve();
        else reject(new Error(`the instance could not do: ${text}`));
        lines.close();
      });
      lines.once("close", () => reject(new Error(`the instance ended before it could do: ${text}`)));
      this.#orders.write(`${text}\n`);
    });
  }

  // oxlint-disable-next-line typescript/require-await -- a failing write becomes a rejection, like those beside it
  async #limit({ memoryMb, cpuMillicores }: Claim): Promise<void> {
    // The kernel's line is at memory plus a full /tmp, since a tmpfs counts as memory; the watch draws the finer line.
    this.#group.limit(memoryMb + LIMITS.temporaryBytes / MB, cpuMillicores);
  }

  /** An open folder is found by its descriptor, whatever happens to paths inside. */
  async #openFolders(): Promise<void> {
    const root = `/proc/${this.#insider()}/root`;
    [this.#temporary, this.#door] = await Promise.all([open(`${root}/tmp`), open(root + DOOR_FOLDER)]);
    // The bootstrap has put its socket there. From now on nobody inside can put anything else in its place.
    await this.#door.chown(0, 0);
  }

  /** Process id, as the platform sees it, of process 1 of the instance. */
  #insider(): number {
    const { pid } = this.child;
    return Number.parseInt(readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8"), 10);
  }

  /** The open folder still answers when the processes are gone. */
  async #temporaryBytes(): Promise<number> {
    if (this.#temporary === undefined) return 0;
    const { bsize, blocks, bfree } = await statfs(`/proc/self/fd/${this.#temporary.fd}`);
    return (blocks - bfree) * bsize;
  }
}
