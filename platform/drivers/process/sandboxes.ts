import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cgroup, Cgroups } from "../machine/cgroups.ts";
import { DOOR } from "../machine/door.ts";
import { ForkServer } from "./fork-server.ts";
import { ForkServers } from "./fork-servers.ts";
import { librariesVariable, tenantEnvironment } from "./housing.ts";
import type { Cell, Housing, Tenant } from "./housing.ts";
import type { Interpreter } from "./languages/language.ts";
import type { OpenLine } from "../machine/line.ts";
import { MemoryWatch } from "../machine/memory-watch.ts";
import { Sandbox } from "./sandbox.ts";
import { SandboxStock } from "./sandbox-stock.ts";
import { commandInside, DOOR_FOLDER, librariesInside, writeSkeleton } from "./skeleton.ts";
import type { Skeleton, World } from "./skeleton.ts";

const SCRIPT = fileURLToPath(new URL("sandbox.sh", import.meta.url));
const SERVER_SCRIPT = fileURLToPath(new URL("fork-server.sh", import.meta.url));
const DIE_WITH_PLATFORM = ["--pdeathsig", "KILL", "--", "unshare", "--mount", "--net", "--ipc", "--uts"];
const INSTANCE = ["--pid", "--fork", "--kill-child", "--", "sh", SCRIPT];
const SERVER = ["--", "sh", SERVER_SCRIPT];
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** What sandbox.sh calls. */
const SETPRIV = "setpriv";
const TOOLS = [SETPRIV, "unshare", "mount", "umount", "pivot_root", "ip"];

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
  readonly #forks = new ForkServers((interpreter) => this.#makeServer(interpreter));
  readonly #stock = new SandboxStock((interpreter) => this.#makeAhead(interpreter));
  readonly #openLine: OpenLine | undefined;
  #made = 0;

  private constructor(world: World, cgroups: Cgroups, openLine: OpenLine | undefined) {
    this.#openLine = openLine;
    this.#world = world;
    this.#cgroups = cgroups;
    this.#skeleton = writeSkeleton(world);
  }

  /**
   * Builds the skeleton and tries it with a program that does nothing.
   * @param openLine see ProcessDriverOptions
   * @throws Error with what this machine lacks
   */
  static open(world: World, cgroups: Cgroups, openLine?: OpenLine): Sandboxes {
    const missing = TOOLS.filter((tool) => !PATH.split(":").some((folder) => existsSync(join(folder, tool))));
    if (missing.length > 0) throw new Error(`it has no ${missing.join(", ")}`);
    const sandboxes = new Sandboxes(world, cgroups, openLine);
    sandboxes.#try();
    return sandboxes;
  }

  expect(interpreter: Interpreter): void {
    this.#stock.expect(interpreter);
  }

  async start({ interpreter, token }: Tenant): Promise<Cell> {
    const sandbox = this.#stock.take(interpreter) ?? (await this.#make(interpreter));
    this.#forks.start(interpreter, sandbox, token);
    return sandbox;
  }

  recover(): Promise<void> {
    return this.#cgroups.recover();
  }

  async close(): Promise<void> {
    await Promise.all([this.#stock.close(), this.#forks.close()]);
    this.#watch.close();
    this.#cgroups.close();
  }

  /** For the stock, which is filled when nobody waits: so are the servers that later starts fork from. */
  #makeAhead(interpreter: Interpreter): Promise<Sandbox> {
    this.#forks.prepare(interpreter);
    return this.#make(interpreter);
  }

  async #make(interpreter: Interpreter): Promise<Sandbox> {
    const line = await this.#openLine?.();
    const group = this.#group();
    return new Sandbox({
      command: this.#command(INSTANCE, { interpreter, group }),
      environment: this.#environment(interpreter),
      group,
      codeRoot: this.#world.codeRoot,
      watch: this.#watch,
      line,
    });
  }

  #makeServer(interpreter: Interpreter): ForkServer {
    const group = this.#group();
    return new ForkServer({
      command: this.#command(SERVER, { interpreter, group }),
      environment: { ...this.#environment(interpreter), FUNGRAPH_FORKS: "3" },
      group,
    });
  }

  #group(): Cgroup {
    this.#made += 1;
    return this.#cgroups.create(String(this.#made));
  }

  #environment(interpreter: Interpreter): Record<string, string> {
    const libraries = librariesInside(interpreter, this.#world.interpreters);
    return {
      ...tenantEnvironment(PATH),
      HOME: "/home/snuser",
      USER: "snuser",
      TMPDIR: "/tmp",
      ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
      ...librariesVariable(interpreter, "inside"),
      ...(interpreter.door ? { FUNGRAPH_DOOR: `unix:${DOOR_FOLDER}/${DOOR}` } : {}),
    };
  }

  /** @param start one of the scripts, with what goes before. @param tenant who starts. @param command default: the runtime */
  #command(
    start: readonly string[],
    { interpreter, group }: { readonly interpreter: Interpreter; readonly group: Cgroup },
    command: readonly string[] = commandInside(interpreter),
  ): [string, ...string[]] {
    const world = [this.#skeleton.root, this.#skeleton.fstab(interpreter), group.folders.join(" ")];
    return [SETPRIV, ...DIE_WITH_PLATFORM, ...start, ...world, ...command];
  }

  #try(): void {
    const [interpreter] = this.#world.interpreters;
    if (interpreter === undefined) return;
    const group = this.#cgroups.create("try");
    // The script wants descriptors 3 to 5, the last with a line in it.
    const line = openSync(SCRIPT, "r");
    try {
      const [program, ...args] = this.#command(INSTANCE, { interpreter, group }, ["/bin/true"]);
      const { status, stderr, error } = spawnSync(program, args, {
        env: { PATH },
        stdio: ["ignore", "ignore", "pipe", "pipe", "pipe", line],
        encoding: "utf8",
        timeout: 10_000,
      });
      if (status !== 0) throw new Error(error?.message ?? stderr.trim());
    } finally {
      closeSync(line);
      group.remove();
    }
  }
}
