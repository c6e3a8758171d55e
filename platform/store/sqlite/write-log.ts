import { closeSync, openSync } from "node:fs";

import { FlushThread } from "./flush-thread.ts";

/** Flushes the write-ahead log beside the event loop: one flush serves all who committed before it began. */
export class WriteLog {
  readonly #file: string;
  readonly #thread = new FlushThread();
  #handle: number | undefined;
  #unflushed = false;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** A transaction was committed without a flush of its own. */
  written(): void {
    this.#unflushed = true;
  }

  /** Resolves when all that was written is on the disk; undefined when it is there already. Rejects when the disk fails. */
  flushed(): Promise<void> | undefined {
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
      this.#running = this.#thread.flush(this.#handle);
      await this.#running;
    } catch (error) {
      this.#unflushed = true;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }
}
