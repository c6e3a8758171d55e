import { randomUUID } from "node:crypto";

import type { AsyncQueue } from "../gateway/ports.ts";
import { publicationOf, type Message, type PublicationContext } from "./publication.ts";

/** What a publisher works with. */
export interface PublisherOptions extends PublicationContext {
  readonly queue: AsyncQueue;
  /** Resolves when what the queue has accepted is on the disk; undefined when it is there. */
  readonly settled: () => Promise<void> | undefined;
}

/** Brings messages to all who are subscribed to a topic, each at least once. */
export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Resolves with the message's id when all deliveries are durable: all of them or none. Rejects with QueueFullError. */
  async publish(message: Message): Promise<string> {
    const { queue, settled } = this.#options;
    const id = randomUUID();
    const now = Date.now();
    const requests = publicationOf(message, id, this.#options).map((one) => ({
      ...one,
      id: randomUUID(),
      acceptedAt: now,
      dueAt: now,
    }));
    for (const { key } of requests) {
      const full = queue.full(key);
      if (full !== undefined) throw full;
    }
    if (requests.length > 0) await queue.accept(requests);
    await settled();
    return id;
  }
}
