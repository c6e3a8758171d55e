import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LIMITS } from "../../../model/limits.ts";
import { ownerLives } from "./owner.ts";

/** Folder of ours in every hierarchy; below it one folder a platform, below that one an instance. */
const OURS = "fungraph";
/** A short period, so that a small share of a processor means short waits: 300 millicores pause 14 ms at most, not 70. */
const CPU_PERIOD_MICROS = 20_000;
const MB = 1024 * 1024;
/** File with the processes of a group. */
const MEMBERS = "cgroup.procs";

/** Where the files of one cgroup version lie and what is written to them. */
interface Dialect {
  /** Hierarchies a group is made in. */
  readonly roots: Readonly<Record<"memory" | "cpu" | "pids" | "freezer", string>>;
  memory(bytes: number): readonly Setting[];
  cpu(millicores: number): readonly Setting[];
  freeze(frozen: boolean): Setting;
  /** Line of memory.stat with the bytes that belong to no file. */
  readonly anonymous: string;
  /** Line of memory.stat with the bytes of tmpfs files. */
  readonly shared: string;
  /** File with a line `oom_kill N`. */
  readonly ooms: string;
}

type Setting = readonly [hierarchy: keyof Dialect["roots"], file: string, value: string];

const ROOT = "/sys/fs/cgroup";

const V1: Dialect = {
  roots: {
    memory: `${ROOT}/memory`,
    cpu: `${ROOT}/cpu`,
    pids: `${ROOT}/pids`,
    freezer: `${ROOT}/freezer`,
  },
  memory: (bytes) => [
    ["memory", "memory.swappiness", "0"],
    ["memory", "memory.limit_in_bytes", String(bytes)],
  ],
  cpu: (millicores) => [
    ["cpu", "cpu.cfs_period_us", String(CPU_PERIOD_MICROS)],
    ["cpu", "cpu.cfs_quota_us", String((CPU_PERIOD_MICROS * millicores) / 1000)],
  ],
  freeze: (frozen) => ["freezer", "freezer.state", frozen ? "FROZEN" : "THAWED"],
  anonymous: "total_rss",
  shared: "total_shmem",
  ooms: "memory.oom_control",
};

const V2: Dialect = {
  roots: { memory: ROOT, cpu: ROOT, pids: ROOT, freezer: ROOT },
  memory: (bytes) => [
    ["memory", "memory.swap.max", "0"],
    ["memory", "memory.max", String(bytes)],
  ],
  cpu: (millicores) => [
    ["cpu", "cpu.max", `${(CPU_PERIOD_MICROS * millicores) / 1000} ${CPU_PERIOD_MICROS}`],
  ],
  freeze: (frozen) => ["freezer", "cgroup.freeze", frozen ? "1" : "0"],
  anonymous: "anon",
  shared: "shmem",
  ooms: "memory.events",
};

/** The control groups of one platform process: a folder per instance, in every hierarchy that is needed. */
export class Cgroups {
  readonly #dialect: Dialect;
  readonly #owner: string;

  private constructor(dialect: Dialect, owner: string) {
    this.#dialect = dialect;
    this.#owner = owner;
  }

  /**
   * @param owner name of this platform, as `ownerName` makes it, with a suffix of its own
   * @throws Error that says what this machine lacks
   */
  static open(owner: string): Cgroups {
    const dialect = machineDialect();
    const groups = new Cgroups(dialect, owner);
    if (dialect === V2) enableControllers([ROOT, join(ROOT, OURS), join(ROOT, OURS, owner)]);
    groups.create("probe").remove();
    return groups;
  }

  /** A group with the limit on processes; memory and CPU stay free until the instance is claimed. */
  create(id: string): Cgroup {
    const folder = join(OURS, this.#owner, id);
    for (const root of new Set(Object.values(this.#dialect.roots)))
      mkdirSync(join(root, folder), { recursive: true });
    const group = new Cgroup(this.#dialect, folder);
    group.set(["pids", "pids.max", String(LIMITS.processes)]);
    return group;
  }

  /** Ends what groups of dead platforms still hold and removes them. */
  async recover(): Promise<void> {
    for (const root of new Set(Object.values(this.#dialect.roots)))
      for (const owner of folders(join(root, OURS)))
        if (!ownerLives(owner.split(".", 1)[0] ?? ""))
          await this.#clear(join(OURS, owner), folders(join(root, OURS, owner)));
  }

  /** Removes this platform's own folder; its instances are gone. */
  close(): void {
    for (const root of new Set(Object.values(this.#dialect.roots))) {
      removeFolder(join(root, OURS, this.#owner));
      // Ours alone goes when no other platform uses it.
      removeFolder(join(root, OURS));
    }
  }

  async #clear(ownerFolder: string, ids: readonly string[]): Promise<void> {
    for (const id of ids) await new Cgroup(this.#dialect, join(ownerFolder, id)).end();
    for (const root of new Set(Object.values(this.#dialect.roots))) {
      for (const id of folders(join(root, ownerFolder)))
        await new Cgroup(this.#dialect, join(ownerFolder, id)).end();
      removeFolder(join(root, ownerFolder));
    }
  }
}

/** The control group of one instance. */
export class Cgroup {
  readonly #dialect: Dialect;
  readonly #folder: string;

  constructor(dialect: Dialect, folder: string) {
    this.#dialect = dialect;
    this.#folder = folder;
  }

  /** The group of a process that something else put there; undefined where this machine does not show it. */
  static of(pid: number): Cgroup | undefined {
    try {
      const dialect = machineDialect();
      const lines = readFileSync(`/proc/${pid}/cgroup`, "utf8");
      const folder = (dialect === V1 ? /^\d+:memory:(.+)$/m : /^0::(.+)$/m).exec(lines)?.[1] ?? "/";
      // The root group is everybody's.
      if (folder === "/" || !existsSync(join(dialect.roots.memory, folder, "memory.stat"))) return undefined;
      return new Cgroup(dialect, folder);
    } catch {
      return undefined;
    }
  }

  /** Its folders, one a hierarchy. */
  get folders(): string[] {
    return [...new Set(Object.values(this.#dialect.roots))].map((root) => join(root, this.#folder));
  }

  /** Takes a process in. One hierarchy after the other: the kernel takes its time for the first. A process that is gone is none. */
  async join(pid: number): Promise<void> {
    for (const folder of this.folders)
      await writeFile(join(folder, MEMBERS), String(pid)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      });
  }

  /** Sets the most memory that the kernel lets it have before it ends it. */
  limitMemory(memoryMb: number): void {
    for (const setting of this.#dialect.memory(memoryMb * MB)) this.set(setting);
  }

  /** Sets its share of CPU. */
  limitCpu(millicores: number): void {
    for (const setting of this.#dialect.cpu(millicores)) this.set(setting);
  }

  freeze(frozen: boolean): void {
    this.set(this.#dialect.freeze(frozen));
  }

  /** Bytes that the kernel cannot take back: memory of the programs and files on a tmpfs, not its cache of files on a disk. */
  async memoryBytes(): Promise<number> {
    const text = await readFile(this.#path("memory", "memory.stat"), "utf8");
    return counter(text, this.#dialect.anonymous) + counter(text, this.#dialect.shared);
  }

  /** True when the kernel ended a process of the group for its memory. */
  outOfMemory(): boolean {
    return counter(readFileSync(this.#path("memory", this.#dialect.ooms), "utf8"), "oom_kill") > 0;
  }

  /** Ends every process in the group and removes it. */
  async end(): Promise<void> {
    this.#try(() => this.freeze(false));
    // A group stays busy until its last process is reaped.
    for (let round = 0; round < 200; round += 1) {
      if (this.#kill() === 0 && this.remove()) return;
      await delay(5);
    }
  }

  /** Returns false when a process still is in it. */
  remove(): boolean {
    return this.folders.map(removeFolder).every(Boolean);
  }

  set([hierarchy, file, value]: Setting): void {
    const path = this.#path(hierarchy, file);
    // Files such as memory.swap.max are there only when the kernel has the feature; without swap none is needed.
    if (existsSync(path)) writeFileSync(path, value);
  }

  #path(hierarchy: keyof Dialect["roots"], file: string): string {
    return join(this.#dialect.roots[hierarchy], this.#folder, file);
  }

  #kill(): number {
    const members = new Set(this.folders.flatMap(processes));
    for (const pid of members) this.#try(() => process.kill(pid, "SIGKILL"));
    return members.size;
  }

  /** The process or group may be gone by now, which is what is wanted. */
  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!["ESRCH", "ENOENT", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
}

function machineDialect(): Dialect {
  return existsSync(`${V1.roots.memory}/cgroup.procs`) ? V1 : V2;
}

/** The number in the line that begins with this word; 0 when there is none. */
function counter(text: string, word: string): number {
  return Number(new RegExp(`^${word} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
}

function enableControllers(groups: readonly string[]): void {
  for (const group of groups) {
    mkdirSync(group, { recursive: true });
    writeFileSync(join(group, "cgroup.subtree_control"), "+memory +cpu +pids");
  }
}

function processes(folder: string): number[] {
  const file = join(folder, MEMBERS);
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map(Number) : [];
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Returns true when it is gone. */
function removeFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    // Not ours to force: it is in use, or another platform's groups are below it.
    if (code === "EBUSY" || code === "ENOTEMPTY") return false;
    throw error;
  }
}
