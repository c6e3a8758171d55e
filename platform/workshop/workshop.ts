import { hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import type { Fault } from "../../model/fault.ts";
import { PackagingError } from "../../packaging/packaging-error.ts";
import type { ArchiveWork } from "../store/code-store.ts";
import type { Keeping } from "../store/keep-archive.ts";
import { copyOf } from "../store/slices.ts";
import { joinBody } from "./code-body.ts";
import type { Digest, Done, Job } from "./jobs.ts";

/** What the thread says of a job. */
export interface Answer extends Done {
  readonly id: number;
  /** Undefined when the job was done. */
  readonly error: { readonly message: string; readonly code: string | undefined } | undefined;
}

/** A job that was given to the thread. */
interface Pending {
  readonly resolve: (done: Done) => void;
  readonly reject: (error: Error) => void;
}

/** The job without its bytes. */
type Order<T = Job> = T extends Job ? Omit<T, "bytes"> : never;

/** The thread ends when it had no job for so long: it has a fifth of the platform's memory. */
const IDLE_MS = 60_000;

/**
 * A thread for work on code: packing, inspecting and unpacking take milliseconds to seconds, in which the
 * event loop would answer nobody. It runs at a low priority, one job after the other, begins with the first job and
 * does not keep the process alive.
 */
class Workshop {
  readonly #pending = new Map<number, Pending>();
  #thread: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  /** @param bytes in memory that threads share, or that is given away */
  run(order: Order, bytes: Uint8Array): Promise<Done> {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= this.#start());
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      thread.ref();
      const given = bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
      thread.postMessage({ id, job: { ...order, bytes } }, given);
    });
  }

  #start(): Worker {
    // Options of Node are passed on, but one that says how the program itself was given is refused for files.
    const options = process.execArgv.some((one) => one.startsWith("--input-type")) ? { execArgv: [] } : {};
    const thread = new Worker(new URL("thread.ts", import.meta.url), options);
    thread.on("message", (answer: Answer) => this.#settle(answer));
    // A job that is too much for the thread must not be too much for the platform; the next one gets a new thread.
    thread.on("error", (error) => this.#lost(thread, error));
    thread.on("exit", () => this.#lost(thread, new Error("The thread that works on code ended.")));
    return thread;
  }

  #settle({ id, error, ...done }: Answer): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#rest();
    if (error === undefined) pending?.resolve(done);
    else pending?.reject(Object.assign(new Error(error.message), error));
  }

  #rest(): void {
    this.#thread?.unref();
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      void this.#thread?.terminate();
      // The next job does not wait for the end of this one.
      this.#thread = undefined;
    }, IDLE_MS).unref();
  }

  #lost(thread: Worker, error: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

const workshop = new Workshop();
const NOTHING = new Uint8Array(new SharedArrayBuffer(0));

/** Code that was uploaded, and what it is to be. */
type Upload = Omit<Extract<Job, { kind: "pack" }>, "kind" | "bytes">;

/** The archive of an upload, or what is wrong with it. */
export async function packCode(bytes: Buffer, upload: Upload): Promise<Buffer | readonly Fault[]> {
  const { faults, packed } = await workshop.run({ kind: "pack", ...upload }, await forThread(bytes));
  if (faults.length > 0) return faults;
  return packed === undefined ? bytes : Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
}

/** What is wrong with the archive of a dependency, by every rule but its size. */
export async function checkDependency(name: string, bytes: Buffer): Promise<readonly Fault[]> {
  return (await workshop.run({ kind: "dependency", name }, await forThread(bytes))).faults;
}

/** Writes an archive durably and unpacks it. Rejects with PackagingError for one that cannot be read, and with what the disk says. */
async function keep(archive: Buffer, keeping: Keeping): Promise<void> {
  const { faults } = await workshop.run({ kind: "keep", keeping }, await forThread(archive));
  if (faults.length > 0) throw new PackagingError(faults);
}

/**
 * The value of a request body that carries code, which is in it as bytes; or what is wrong with it.
 * @param body its memory is given away where it is its own
 * @param settingsBytes the most that it may have beside the code
 */
export async function readCodeBody(
  body: Buffer,
  settingsBytes: number,
): Promise<{ readonly value: unknown } | readonly Fault[]> {
  const own = ownsMemory(body) ? new Uint8Array(body.buffer) : await forThread(body);
  const { faults, body: split } = await workshop.run({ kind: "body", settingsBytes }, own);
  return split === undefined ? faults : { value: joinBody(split) };
}

/** A small archive is hashed at once: that takes half a millisecond. */
const SMALL_BYTES = 256 * 1024;

/** The hash of an archive, hex. */
export async function digestCode(algorithm: Digest, archive: Buffer): Promise<string> {
  if (archive.length <= SMALL_BYTES) return hash(algorithm, archive, "hex");
  const { digest } = await workshop.run({ kind: "digest", algorithm }, await forThread(archive));
  return digest ?? "";
}

/** An archive that is kept as a file, with its SHA-512 in hex. Rejects with what the disk says. */
async function read(file: string): Promise<{ readonly archive: Buffer; readonly digest: string }> {
  const hashed = workshop.run({ kind: "digest of file", file }, NOTHING);
  const [archive, { digest = "" }] = await Promise.all([readFile(file), hashed]);
  return { archive, digest };
}

/** What a store has done here. */
export const archiveWork: ArchiveWork = {
  keep,
  digest: (archive) => digestCode("sha512", archive),
  read,
};

/** What an exported archive holds, or what is wrong with it. @param codeBytes the most that its code may have */
export async function readExport(
  name: string,
  archive: Buffer,
  codeBytes: number,
): Promise<{ readonly config: Readonly<Record<string, unknown>>; readonly code: Buffer } | readonly Fault[]> {
  const order = { kind: "export", name, codeBytes } as const;
  const { faults, exported } = await workshop.run(order, await forThread(archive));
  if (exported === undefined) return faults;
  const { buffer, byteOffset, byteLength } = exported.code;
  const config = JSON.parse(exported.config) as Record<string, unknown>;
  return { config, code: Buffer.from(buffer, byteOffset, byteLength) };
}

/** Bytes that the thread can have while they are needed here too. */
async function forThread(bytes: Buffer): Promise<Uint8Array> {
  return bytes.buffer instanceof ArrayBuffer
    ? copyOf(bytes)
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

function ownsMemory(bytes: Buffer): bytes is Buffer<ArrayBuffer> {
  return bytes.length === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
}
