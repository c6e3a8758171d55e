import { DueHeap } from "./due-heap.ts";

/** How much of a pool runs at the same time. */
export interface PoolBounds {
  readonly running: number;
  readonly runningPerKey: number;
}

interface Later {
  readonly due: number;
  readonly key: string;
}

/**
 * Slots for what runs, and the order in which keys with due requests get them: each in its turn, whoever had one goes to
 * the back. What is due later waits in a heap, so nobody looks at keys that have nothing to do.
 */
export class Pool {
  readonly #bounds: PoolBounds;
  readonly #running = new Map<string, number>();
  /** Keys that have due requests, in the order of their turns. */
  readonly #ready = new Set<string>();
  /** The time that counts of each key which is in the heap; entries of other times are stale. */
  readonly #laterDue = new Map<string, number>();
  readonly #later = new DueHeap<Later>();
  total = 0;

  constructor(bounds: PoolBounds) {
    this.#bounds = bounds;
  }

  /** True when a request of the key may run at once: there is room, and none of its own waits before it. */
  open(key: string): boolean {
    const { running, runningPerKey } = this.#bounds;
    return this.total < running && !this.#ready.has(key) && (this.#running.get(key) ?? 0) < runningPerKey;
  }

  /** A request of the key waits until `due` (epoch ms). */
  add(key: string, due: number, now: number): void {
    if (this.#ready.has(key)) return;
    if (due <= now) {
      this.#ready.add(key);
      return;
    }
    if (due >= (this.#laterDue.get(key) ?? Infinity)) return;
    this.#laterDue.set(key, due);
    this.#later.push({ key, due });
  }

  /** When the next key becomes due; undefined when none does. */
  get nextDue(): number | undefined {
    for (let first = this.#later.peek(); first !== undefined; first = this.#later.peek()) {
      if (this.#laterDue.get(first.key) === first.due) return first.due;
      this.#later.pop();
    }
    return undefined;
  }

  begin(key: string): void {
    this.total += 1;
    this.#running.set(key, (this.#running.get(key) ?? 0) + 1);
  }

  end(key: string): void {
    this.total -= 1;
    const left = (this.#running.get(key) ?? 1) - 1;
    if (left === 0) this.#running.delete(key);
    else this.#running.set(key, left);
  }

  /**
   * Gives every key that is due its turn, as long as there is room. `take` starts up to `count` of the key's requests and
   * answers when its next one is due; undefined when it has no more.
   */
  turns(now: number, take: (key: string, count: number) => number | undefined): void {
    this.#ripen(now);
    // What the first ones leave of their shares goes round again.
    for (let before = -1; this.total > before && this.#ready.size > 0;) {
      before = this.total;
      this.#round(now, take);
    }
  }

  #round(now: number, take: (key: string, count: number) => number | undefined): void {
    const { running, runningPerKey } = this.#bounds;
    let left = this.#ready.size;
    const share = Math.max(1, Math.ceil((running - this.total) / left));
    for (const key of this.#ready) {
      // Those that went to the back are met again at the end.
      if (left-- === 0 || this.total >= running) return;
      const room = Math.min(running - this.total, runningPerKey - (this.#running.get(key) ?? 0), share);
      if (room <= 0) continue;
      const due = take(key, room);
      this.#ready.delete(key);
      if (due !== undefined) this.add(key, due, now);
    }
  }

  #ripen(now: number): void {
    for (let due = this.nextDue; due !== undefined && due <= now; due = this.nextDue) {
      const key = this.#later.pop()?.key ?? "";
      this.#laterDue.delete(key);
      this.#ready.add(key);
    }
  }
}
