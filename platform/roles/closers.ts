/** Ends one part of a platform. */
export type Closer = () => Promise<unknown>;

/** What is to be ended of a platform: parts end in the reverse order of their start. */
export class Closers {
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  add(...closers: readonly Closer[]): void {
    this.#closers.push(...closers);
  }

  /** Ends all, once. Rejects with AggregateError of what could not be ended; the rest is ended all the same. */
  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    for (let closer = this.#closers.pop(); closer !== undefined; closer = this.#closers.pop())
      await closer().catch((error: unknown) => void errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, "The platform did not close cleanly.");
  }
}
