/** Something that is due at a time (epoch ms). */
export interface Due {
  readonly due: number;
}

/** Items by the time they are due, the earliest first: both ends cost the logarithm of their number. */
export class DueHeap<T extends Due> {
  #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up];
      if (parent === undefined || parent.due <= item.due) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const first = this.#items[0];
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
    return first;
  }

  /** Keeps the items the test is true for. */
  retain(test: (item: T) => boolean): void {
    // A sorted array is a heap.
    this.#items = this.#items.filter(test).sort((a, b) => a.due - b.due);
  }

  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const down = (items[right]?.due ?? Infinity) < (items[left]?.due ?? Infinity) ? right : left;
      const child = items[down];
      if (child === undefined || child.due >= item.due) break;
      items[at] = child;
      at = down;
    }
    items[at] = item;
  }
}
