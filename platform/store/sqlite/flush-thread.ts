import { fdatasync, fdatasyncSync } from "node:fs";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

const inPool = promisify(fdatasync);

/** So many flushes in a second are worth a thread. */
const OFTEN = 10;
const SECOND_MS = 1000;
/** The thread ends when it had nothing to flush for so long. */
const IDLE_MS = 60_000;

/**
 * What the thread does; text, because a module of its own would load all that Node needs for TypeScript, and files are moved when
 * programs are bundled. It sleeps until the number changes, and answers for each flush its error, or nothing.
 */
const PROGRAM = `
const { fdatasyncSync } = require("node:fs");
const { parentPort, workerData: { asked } } = require("node:worker_threads");
for (let done = 0; ; done++) {
  Atomics.wait(asked, 0, done);
  try {
    fdatasyncSync(asked[1]);
    parentPort.postMessage(undefined);
  } catch ({ message, code, errno, syscall }) {
    parentPort.postMessage({ message, code, errno, syscall });
  }
}`;

/** A small heap: it holds next to nothing. */
const SMALL = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16, stackSizeMb: 1 };

type Failure = Pick<NodeJS.ErrnoException, "message" | "code" | "errno" | "syscall"> | undefined;

/** A thread that is there. */
interface Running {
  readonly worker: Worker;
  /** How many flushes were asked for, and the file. */
  readonly asked: Int32Array;
  ready: boolean;
}

/**
 * Flushes a file in a thread that has the platform's own priority. Node's thread pool has a low one, so that work on code leaves the
 * processor to invocations: on a busy machine a flush there waits for all others, and with it everybody whose request is to be
 * kept. Who flushes now and then has no thread.
 */
export class FlushThread {
  #thread: Running | undefined;
  #flush: (PromiseWithResolvers<void> & { readonly handle: number }) | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** Flushes in the second that began then. */
  #count = 0;
  #secondAt = 0;

  /** Resolves when what was written to the file is on the disk. One flush at a time. Rejects when the disk fails. */
  flush(handle: number): Promise<void> {
    if (this.#thread === undefined && this.#isOften()) this.#start();
    const thread = this.#thread;
    // While it starts the pool does it.
    if (thread?.ready !== true) return inPool(handle);
    this.#idle?.refresh();
    this.#flush = { ...Promise.withResolvers<void>(), handle };
    thread.worker.ref();
    thread.asked[1] = handle;
    Atomics.add(thread.asked, 0, 1);
    Atomics.notify(thread.asked, 0);
    return this.#flush.promise;
  }

  /** Ends the thread; a flush that it was asked for is done before this returns. */
  close(): void {
    clearTimeout(this.#idle);
    void this.#thread?.worker.terminate();
    this.#thread = undefined;
    if (this.#flush === undefined) return;
    const { handle, resolve, reject } = this.#flush;
    this.#flush = undefined;
    try {
      fdatasyncSync(handle);
      resolve();
    } catch (error) {
      reject(error);
    }
  }

  #isOften(): boolean {
    const now = performance.now();
    if (now - this.#secondAt > SECOND_MS) [this.#secondAt, this.#count] = [now, 0];
    return ++this.#count > OFTEN;
  }

  #start(): void {
    const asked = new Int32Array(new SharedArrayBuffer(8));
    const options = { eval: true, execArgv: [], resourceLimits: SMALL, workerData: { asked } };
    const thread: Running = { worker: new Worker(PROGRAM, options), asked, ready: false };
    const lost = (): void => {
      if (this.#thread === thread) this.close();
    };
    thread.worker
      .on("online", () => (thread.ready = true))
      .on("message", (failure: Failure) => {
        // What one that was given up still says is not about the flush of the next one.
        if (this.#thread === thread) this.#done(failure);
      })
      .on("error", lost)
      .on("exit", lost)
      .unref();
    this.#thread = thread;
    this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
  }

  #done(failure: Failure): void {
    this.#thread?.worker.unref();
    const flush = this.#flush;
    this.#flush = undefined;
    if (failure === undefined) flush?.resolve();
    else flush?.reject(Object.assign(new Error(failure.message), failure));
  }
}
