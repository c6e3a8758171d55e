/** A first-in-first-out queue with constant cost at both ends; it grows by doubling and never shrinks below its start. */
export class Ring<T> {
  #items = blank<T>(16);
  #head = 0;
  length = 0;

  push(item: T): void {
    if (this.length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.length) & (this.#items.length - 1)] = item;
    this.length++;
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.length === this.#items.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#items.length - 1);
    this.#items[this.#head] = item;
    this.length++;
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.length--;
    return item;
  }

  peek(): T | undefined {
    return this.length === 0 ? undefined : this.#items[this.#head];
  }

  /** Keeps the items the test is true for, in order. */
  retain(test: (item: T) => boolean): void {
    for (let left = this.length; left > 0; left--) {
      const item = this.shift();
      if (item !== undefined && test(item)) this.push(item);
    }
  }

  #grow(): void {
    const size = this.#items.length;
    const items = blank<T>(size * 2);
    for (let at = 0; at < this.length; at++) items[at] = this.#items[(this.#head + at) & (size - 1)];
    this.#items = items;
    this.#head = 0;
  }
}

function blank<T>(length: number): (T | undefined)[] {
  return Array.from<T | undefined>({ length }).fill(undefined);
}
