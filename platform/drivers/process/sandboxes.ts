import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cgroup, Cgroups } from "../machine/cgroups.ts";
import { DOOR } from "../machine/door.ts";
import { librariesVariable, tenantEnvironment } from "./housing.ts";
import type { Cell, Housing, Tenant } from "./housing.ts";
import type { Interpreter } from "./languages/language.ts";
import { MemoryWatch } from "../machine/memory-watch.ts";
import { Sandbox } from "./sandbox.ts";
import { SandboxStock } from "./sandbox-stock.ts";
import { commandInside, DOOR_FOLDER, librariesInside, writeSkeleton } from "./skeleton.ts";
import type { Skeleton, World } from "./skeleton.ts";

const SCRIPT = fileURLToPath(new URL("sandbox.sh", import.meta.url));
const DIE_WITH_PLATFORM = ["--pdeathsig", "KILL", "--", "unshare"];
const NAMESPACES = ["--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"];
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
  readonly #stock = new SandboxStock((interpreter) => this.#make(interpreter));
  #made = 0;

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

  start({ interpreter, token }: Tenant): Cell {
    const sandbox = this.#stock.take(interpreter);
    sandbox.run(token);
    return sandbox;
  }

  recover(): Promise<void> {
    return this.#cgroups.recover();
  }

  async close(): Promise<void> {
    await this.#stock.close();
    this.#watch.close();
    this.#cgroups.close();
  }

  #make(interpreter: Interpreter): Sandbox {
    this.#made += 1;
    const group = this.#cgroups.create(String(this.#made));
    const libraries = librariesInside(interpreter, this.#world.interpreters);
    const environment = {
      ...tenantEnvironment(PATH),
      HOME: "/home/snuser",
      USER: "snuser",
      TMPDIR: "/tmp",
      ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
      ...librariesVariable(interpreter, "inside"),
      ...(interpreter.door ? { FUNGRAPH_DOOR: `unix:${DOOR_FOLDER}/${DOOR}` } : {}),
    };
    const command = this.#command(group, interpreter, commandInside(interpreter));
    const { codeRoot } = this.#world;
    return new Sandbox({ command, environment, group, codeRoot, watch: this.#watch });
  }

  #command(group: Cgroup, interpreter: Interpreter, command: readonly string[]): [string, ...string[]] {
    const { root } = this.#skeleton;
    return [
      SETPRIV,
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
    // The script wants descriptors 3 to 5, the last with a line in it.
    const line = openSync(SCRIPT, "r");
    try {
      const [program, ...args] = this.#command(group, interpreter, ["/bin/true"]);
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
