import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { READING } from "./log-folder.ts";
import { LogWriter } from "./log-writer.ts";

/** Of processes that are gone, the logs of so many are kept: those that wrote last. */
const KEPT = 16;

interface LeftLogsOptions {
  /** Folder with one folder for each process that writes. */
  readonly folder: string;
  /** Names of the folders of processes that are there; undefined while nobody can tell. */
  readonly living: () => ReadonlySet<string> | undefined;
  readonly isThere: (functionKey: string) => boolean;
  readonly problem: (error: unknown) => void;
}

/** Logs whose writers are gone, and may never be back to delete what is too much or whose function is deleted. */
export class LeftLogs {
  readonly #options: LeftLogsOptions;
  #sweeping: Promise<void> | undefined;
  #again = false;

  constructor(options: LeftLogsOptions) {
    this.#options = options;
  }

  /** Deletes them, once more when asked meanwhile. Settles when that is done; what went wrong is told as a problem. */
  sweep(): Promise<void> {
    this.#again = true;
    return (this.#sweeping ??= this.#sweepAll());
  }

  async #sweepAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#sweepOnce().catch(this.#options.problem);
    }
    this.#sweeping = undefined;
  }

  async #sweepOnce(): Promise<void> {
    const { folder, living, isThere } = this.#options;
    const there = living();
    if (there === undefined) return;
    const left = (await readdir(folder)).filter((name) => !there.has(name)).map((name) => join(folder, name));
    for (const path of left) await new LogWriter(path, READING, () => undefined).sweep(isThere);
    if (left.length <= KEPT) return;
    const times = new Map<string, number>();
    for (const path of left) times.set(path, await lastWrite(path));
    const newestFirst = left.sort((one, other) => (times.get(other) ?? 0) - (times.get(one) ?? 0));
    for (const path of newestFirst.slice(KEPT)) await rm(path, { recursive: true, force: true });
  }
}

/** Epoch ms: when a process wrote its last line; 0 when it wrote none. */
async function lastWrite(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const stats = await Promise.all(files.map((file) => stat(join(file.parentPath, file.name))));
  return Math.max(0, ...stats.map(({ mtimeMs }) => mtimeMs));
}
