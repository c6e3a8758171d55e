import type { Change } from "../sqlite/journal.ts";

interface Batch extends PromiseWithResolvers<void> {
  readonly changes: Change[];
}

/** What happens to batches. */
interface OutboxEvents {
  /** Writes a batch; the next one waits for it. */
  readonly write: (changes: readonly Change[]) => Promise<void>;
  /** After a batch was written; its changes count as kept once this resolves. The next one does not wait for it. */
  readonly written: () => Promise<void>;
  /** A batch was not written, or nobody knows: nothing that came after it was either. */
  readonly failed: (error: unknown) => void;
}

/** Changes on their way to the log, one batch at a time: what comes while one is written shares the next. */
export class Outbox {
  readonly #events: OutboxEvents;
  #waiting: Batch | undefined;
  #running: Batch | undefined;
  /** The newest batch, until its changes are kept. */
  #last: Batch | undefined;

  constructor(events: OutboxEvents) {
    this.#events = events;
  }

  add(change: Change): void {
    if (this.#waiting === undefined) {
      const batch: Batch = { changes: [], ...Promise.withResolvers<void>() };
      batch.promise.catch(() => undefined); // nobody may wait for it
      this.#waiting = this.#last = batch;
      if (this.#running === undefined) queueMicrotask(() => void this.#run());
    }
    this.#waiting.changes.push(change);
  }

  /** Resolves when all changes so far are kept; undefined when there are none on their way. */
  settled(): Promise<void> | undefined {
    return this.#last?.promise;
  }

  /** Gives up all that is on its way; false when nothing is. What runs may still happen. */
  drop(error: unknown): boolean {
    const dropped = [this.#running, this.#waiting].filter((batch) => batch !== undefined);
    this.#running = this.#waiting = this.#last = undefined;
    for (const batch of dropped) batch.reject(error);
    return dropped.length > 0;
  }

  async #run(): Promise<void> {
    for (let batch = this.#next(); batch !== undefined; batch = this.#next()) {
      try {
        await this.#events.write(batch.changes);
      } catch (error) {
        // One that was dropped meanwhile is another's concern.
        if (this.#running === batch) this.#events.failed(error);
        return;
      }
      if (this.#running !== batch) return;
      void this.#keep(batch);
    }
  }

  #next(): Batch | undefined {
    this.#running = this.#waiting;
    this.#waiting = undefined;
    return this.#running;
  }

  async #keep(batch: Batch): Promise<void> {
    await this.#events.written();
    batch.resolve();
    if (this.#last === batch) this.#last = undefined;
  }
}
