import { existsSync } from "node:fs";
import { mkdir, open, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

/** A place in a log: a segment and a byte in it. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

export interface SegmentLimits {
  readonly bytes: number;
  readonly count: number;
}

/** For who only reads: nothing is appended. */
export const READING: SegmentLimits = { bytes: 0, count: 0 };

const ENDING = ".ndjson";

/**
 * One function's log: numbered append-only files of JSON lines, the oldest deleted when there are too many.
 * A torn line (killed process, full disk) is closed with a newline before anything is written after it.
 */
export class LogFolder {
  readonly path: string;
  readonly #limits: SegmentLimits;
  #file: FileHandle | undefined;
  #end: Position | undefined;
  #torn = false;

  constructor(path: string, limits: SegmentLimits) {
    this.path = path;
    this.#limits = limits;
  }

  /** Appends whole lines. Not to be called again before it settled. */
  async append(bytes: Buffer): Promise<void> {
    let end = await this.end();
    if (end.offset > 0 && end.offset + bytes.length > this.#limits.bytes) {
      await this.release();
      end = this.#end = { segment: end.segment + 1, offset: 0 };
      await this.#deleteOld(end.segment);
    }
    if (this.#file === undefined) await mkdir(this.path, { recursive: true });
    this.#file ??= await open(join(this.path, segmentName(end.segment)), "a");
    const whole = this.#torn ? Buffer.concat([Buffer.from("\n"), bytes]) : bytes;
    let written = 0;
    try {
      while (written < whole.length) {
        const step = await this.#file.write(whole, written);
        written += step.bytesWritten;
        this.#torn = false;
      }
    } catch (error) {
      this.#torn ||= written > 0;
      throw error;
    } finally {
      this.#end = { segment: end.segment, offset: end.offset + written };
    }
  }

  /** Where the next byte goes. */
  async end(): Promise<Position> {
    return (this.#end ??= await this.#find());
  }

  /** Numbers of the segments that exist, oldest first. */
  async segments(): Promise<number[]> {
    const names = await readdir(this.path).catch(emptyWhenMissing);
    return names
      .filter((name) => name.endsWith(ENDING))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  }

  /** Opens a segment for reading; undefined when it is gone. */
  async read(segment: number): Promise<FileHandle | undefined> {
    return open(join(this.path, segmentName(segment)), "r").catch(undefinedWhenMissing);
  }

  /** Gives the file back; the next append opens it again. */
  async release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async delete(): Promise<void> {
    await this.release();
    this.#end = undefined;
    // Most functions that are deleted have no log.
    if (existsSync(this.path)) await rm(this.path, { recursive: true, force: true });
  }

  async #find(): Promise<Position> {
    const last = (await this.segments()).at(-1);
    if (last === undefined) return { segment: 1, offset: 0 };
    const name = join(this.path, segmentName(last));
    const { size } = await stat(name);
    if (size > 0) {
      const file = await open(name, "r");
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1).finally(() => file.close());
      this.#torn = buffer[0] !== 10;
    }
    return { segment: last, offset: size };
  }

  async #deleteOld(current: number): Promise<void> {
    const old = (await this.segments()).filter((number) => number <= current - this.#limits.count);
    for (const number of old) await rm(join(this.path, segmentName(number)), { force: true });
  }
}

function segmentName(segment: number): string {
  return String(segment).padStart(8, "0") + ENDING;
}

function emptyWhenMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}

function undefinedWhenMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
