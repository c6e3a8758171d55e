import type { Usage } from "../driver.ts";

const EVERY_MS = 250;

interface Watched {
  usage(): Promise<Usage>;
}

interface Limit {
  readonly bytes: number;
  readonly exceeded: () => void;
}

/**
 * Ends instances whose memory without /tmp is above their limit.
 *
 * The kernel counts the files of a tmpfs as memory and cannot be told otherwise; its own limit therefore leaves room for a full /tmp, and this
 * watch looks at the difference.
 */
export class MemoryWatch {
  readonly #limits = new Map<Watched, Limit>();
  readonly #timer = setInterval(() => this.#look(), EVERY_MS).unref();

  add(watched: Watched, bytes: number, exceeded: () => void): void {
    this.#limits.set(watched, { bytes, exceeded });
  }

  remove(watched: Watched): void {
    this.#limits.delete(watched);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const [watched, limit] of this.#limits) void this.#check(watched, limit);
  }

  async #check(watched: Watched, { bytes, exceeded }: Limit): Promise<void> {
    try {
      const { memoryBytes } = await watched.usage();
      if (memoryBytes > bytes && this.#limits.delete(watched)) exceeded();
    } catch {
      // It ended in between.
      this.#limits.delete(watched);
    }
  }
}
