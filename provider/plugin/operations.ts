/** The work that a provider has under way, and its end when the engine asks for it. */
export class Operations {
  readonly #abort = new AbortController();
  readonly #idle: (() => void)[] = [];
  #running = 0;
  #cancelled = false;

  /** Aborts what is still under way some time after `cancel`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /**
   * Runs a piece of work, unless the end has been asked for.
   * @throws CancelledError when it has
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#cancelled) throw new CancelledError();
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Lets nothing begin any more. What is under way may end by itself for some milliseconds, and is aborted then. */
  cancel(graceMs: number): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    setTimeout(() => this.#abort.abort(new CancelledError()), graceMs).unref();
  }

  /** Resolves as soon as nothing is under way. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => void this.#idle.push(resolve));
  }
}

/** The run was cancelled before this could be done. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor() {
    super("The run was cancelled before this was done; run `pulumi up` again to finish it.");
  }
}
