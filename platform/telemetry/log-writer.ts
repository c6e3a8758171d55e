import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LogFolder, type SegmentLimits } from "./log-folder.ts";

/** Text that waits for the disk, all functions together; beyond it logs are dropped. Characters. */
const WAITING_LIMIT = 64 * 1024 * 1024;
/** Text of one function that is written before its time. Characters. */
const WRITE_CHARACTERS = 1024 * 1024;

/** One function's log and the text that waits to be written to it. */
export class FunctionLog {
  readonly folder: LogFolder;
  /** JSON lines, each with its newline. */
  waiting = "";
  writing: Promise<void> | undefined;
  wakers: (() => void)[] = [];
  /** Requests whose start entry is written and whose end is not, with the time of their last line. */
  readonly started = new Map<string, number>();

  constructor(folder: LogFolder) {
    this.folder = folder;
  }
}

/** Writes the logs of all functions in the background; loses them rather than stop an invocation, and counts what is lost. */
export class LogWriter {
  readonly #folder: string;
  readonly #limits: SegmentLimits;
  readonly #logs = new Map<string, FunctionLog>();
  readonly #dirty = new Set<FunctionLog>();
  #waiting = 0;
  droppedBytes = 0;
  lastError: string | undefined;
  readonly #warn: (sentence: string) => void;

  constructor(folder: string, limits: SegmentLimits, warn: (sentence: string) => void) {
    this.#folder = folder;
    this.#limits = limits;
    this.#warn = warn;
  }

  log(functionKey: string): FunctionLog {
    let log = this.#logs.get(functionKey);
    if (log === undefined) {
      const path = join(this.#folder, encodeURIComponent(functionKey));
      log = new FunctionLog(new LogFolder(path, this.#limits));
      this.#logs.set(functionKey, log);
    }
    return log;
  }

  add(log: FunctionLog, json: string): void {
    if (this.#waiting + json.length > WAITING_LIMIT) {
      this.#drop(json.length, "the disk is slower than the functions log");
      return;
    }
    this.#waiting += json.length + 1;
    log.waiting += `${json}\n`;
    this.#dirty.add(log);
    if (log.waiting.length > WRITE_CHARACTERS) log.writing ??= this.#writeOne(log);
  }

  /** Writes everything that waits. */
  async write(): Promise<void> {
    const logs = [...this.#dirty];
    this.#dirty.clear();
    await Promise.all(logs.map((log) => (log.writing ??= this.#writeOne(log))));
  }

  /** Everything that was added before the call is written or dropped. */
  async settle(): Promise<void> {
    do {
      await this.write();
      for (const log of this.#logs.values()) await log.writing;
    } while (this.#dirty.size > 0);
  }

  async forget(functionKey: string): Promise<void> {
    const log = this.log(functionKey);
    this.#waiting -= log.waiting.length;
    log.waiting = "";
    this.#dirty.delete(log);
    await log.writing;
    this.#logs.delete(functionKey);
    await log.folder.delete();
    for (const wake of log.wakers.splice(0)) wake();
  }

  async sweep(isThere: (functionKey: string) => boolean): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      const functionKey = decodeURIComponent(name);
      if (!isThere(functionKey)) await this.forget(functionKey);
    }
  }

  async close(): Promise<void> {
    await this.settle();
    for (const log of this.#logs.values()) for (const wake of log.wakers.splice(0)) wake();
  }

  async #writeOne(log: FunctionLog): Promise<void> {
    do {
      await this.#writeWaiting(log);
      // Not kept open: hundreds of functions log, and a file is opened a few times a second at most.
      await log.folder.release().catch(() => undefined);
    } while (log.waiting !== "");
    log.writing = undefined;
  }

  async #writeWaiting(log: FunctionLog): Promise<void> {
    while (log.waiting !== "") {
      const text = log.waiting;
      log.waiting = "";
      try {
        await log.folder.append(Buffer.from(text));
      } catch (error) {
        this.#drop(text.length, error instanceof Error ? error.message : String(error));
      }
      this.#waiting -= text.length;
      for (const wake of log.wakers.splice(0)) wake();
    }
  }

  #drop(bytes: number, reason: string): void {
    if (this.droppedBytes === 0)
      this.#warn(
        `Function logs are being dropped: ${reason}. Free space under ${this.#folder}; invocations go on.`,
      );
    this.droppedBytes += bytes;
    this.lastError = reason;
  }
}

/** The folder is made with the first line that a function writes. */
async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}
