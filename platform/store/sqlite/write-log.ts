import { closeSync, openSync } from "node:fs";

import { StoreUnavailableError } from "../errors.ts";
import { FlushThread } from "./flush-thread.ts";

/**
 * Flushes the write-ahead log beside the event loop: one flush serves all who committed before it began. After a flush that failed nothing
 * is safe any more: the kernel may have dropped what it could not write, and what is written behind such a gap would not be found again.
 */
export class WriteLog {
  readonly #file: string;
  readonly #thread = new FlushThread();
  #handle: number | undefined;
  #unflushed = false;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #failure: StoreUnavailableError | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws StoreUnavailableError when the disk has failed: nothing that is written from then on can be kept. */
  mustWork(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The disk did not take what it was told to keep. */
  failed(error: unknown): StoreUnavailableError {
    return (this.#failure ??= new StoreUnavailableError(
      `The disk of the data folder failed: ${String(error)}. What was accepted since its last flush may be lost. Look at the disk, then start the platform again.`,
      { cause: error },
    ));
  }

  /** A transaction was committed without a flush of its own. */
  written(): void {
    this.#unflushed = true;
  }

  /** Resolves when all that was written is on the disk; undefined when it is there already. Rejects when the disk fails, and ever after. */
  flushed(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (!this.#unflushed) return this.#running;
    return (this.#next ??= this.#flush());
  }

  close(): void {
    this.#thread.close();
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  async #flush(): Promise<void> {
    await this.#running?.catch(() => undefined);
    this.#next = undefined;
    this.#unflushed = false;
    try {
      // SQLite keeps this file for as long as the database is open.
      this.#handle ??= openSync(this.#file, "r");
      this.#running = this.#flushOf(this.#handle);
      await this.#running;
    } catch (error) {
      this.#unflushed = true;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  async #flushOf(handle: number): Promise<void> {
    try {
      await this.#thread.flush(handle);
    } catch (error) {
      throw this.failed(error);
    }
  }
}
