import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { ownerLives, ownerName } from "./owner.ts";

/** Holds the owner name of the process that leads an instance. */
const LEADER = "leader";

/** Where one platform keeps what its instances need while they live: a folder an instance, below one that names the platform. */
export class RunFolder {
  readonly path: string;
  readonly #parent: string;

  /** @param parent shared by all platforms that use the same data folder; made when it is missing */
  constructor(parent: string) {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    this.#parent = parent;
    this.path = mkdtempSync(join(parent, `${ownerName(process.pid) ?? process.pid}.`));
  }

  /** Unique name of this platform's run. */
  get name(): string {
    return basename(this.path);
  }

  add(id: string): string {
    const folder = join(this.path, id);
    mkdirSync(folder);
    return folder;
  }

  /**
   * Takes over the folder of an instance that a dead platform left; whoever sees it goes on to see it.
   * @returns its path; undefined where there is none, or another platform was first
   */
  adopt(id: string): string | undefined {
    const folder = join(this.path, id);
    return this.#dead().some((name) => moved(join(this.#parent, name, id), folder)) ? folder : undefined;
  }

  /** True when a platform that lives has the instance, whoever made it. */
  houses(id: string): boolean {
    const names = readdirSync(this.#parent);
    return names.some((name) => lives(name) && existsSync(join(this.#parent, name, id)));
  }

  /** Writes down which process leads the instance, for `recover` of a later run. */
  lead(id: string, pid: number): void {
    writeFileSync(join(this.path, id, LEADER), ownerName(pid) ?? "");
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.path, id), { recursive: true, force: true });
  }

  /** Ends the process groups that dead platforms left and removes their folders. */
  async recover(): Promise<void> {
    for (const name of this.#dead()) {
      const folder = join(this.#parent, name);
      for (const id of entriesOf(folder)) endGroup(join(folder, id, LEADER));
      await rm(folder, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  #dead(): string[] {
    return readdirSync(this.#parent).filter((name) => !lives(name));
  }
}

/** Nothing where another driver of the same process was first. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function lives(run: string): boolean {
  return ownerLives(run.split(".", 1)[0] ?? "");
}

function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

function endGroup(file: string): void {
  try {
    const leader = readFileSync(file, "utf8");
    if (ownerLives(leader)) process.kill(-Number.parseInt(leader, 10), "SIGKILL");
  } catch (error) {
    if (!["ENOENT", "ENOTDIR", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
