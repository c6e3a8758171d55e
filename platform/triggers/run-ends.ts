import type { AsyncOutcome, NewAsyncRequest } from "../store/async-requests.ts";
import { attempt, type Awaitable } from "../store/awaitable.ts";

/** Ends as they are written together. */
export interface WrittenEnds {
  readonly ends: readonly AsyncOutcome[];
  /** Notifications of these ends. */
  readonly following: readonly NewAsyncRequest[];
}

/** What the ends need. */
export interface RunEndsOptions {
  /** Writes both or neither; throws or rejects when it cannot. */
  readonly finish: (ends: readonly AsyncOutcome[], following: readonly NewAsyncRequest[]) => Awaitable<void>;
  /** Told of what is written. */
  readonly written: (batch: WrittenEnds) => void;
  /** Told why nothing was written; all is kept. */
  readonly refused: (error: unknown) => void;
}

/** Ends of runs and whom to tell what, until both are written: with one commit, so that neither is there without the other. */
export class RunEnds {
  readonly #options: RunEndsOptions;
  #ends: AsyncOutcome[] = [];
  #following: NewAsyncRequest[] = [];
  #writing: Promise<boolean> | undefined;

  constructor(options: RunEndsOptions) {
    this.#options = options;
  }

  /** Whether `write` would begin a commit now. */
  get pending(): boolean {
    return this.#ends.length > 0 && this.#writing === undefined;
  }

  add(end: AsyncOutcome, following: readonly NewAsyncRequest[]): void {
    this.#ends.push(end);
    for (const one of following) this.#following.push(one);
  }

  /** Writes all in one commit, or waits for the one that runs; false when the store refuses. */
  write(): Awaitable<boolean> {
    if (this.#writing !== undefined) return this.#writing;
    if (this.#ends.length === 0) return true;
    const batch = { ends: this.#ends, following: this.#following };
    this.#ends = [];
    this.#following = [];
    const outcome = attempt(
      () => this.#options.finish(batch.ends, batch.following),
      () => this.#written(batch),
      (error) => this.#refused(batch, error),
    );
    if (outcome instanceof Promise) this.#writing = outcome;
    return outcome;
  }

  /** Writes what ended until now, and what ends meanwhile; false when the store refuses. */
  async flush(): Promise<boolean> {
    while (this.#writing !== undefined || this.#ends.length > 0) if (!(await this.write())) return false;
    return true;
  }

  #written(batch: WrittenEnds): boolean {
    this.#writing = undefined;
    this.#options.written(batch);
    return true;
  }

  #refused({ ends, following }: WrittenEnds, error: unknown): boolean {
    this.#writing = undefined;
    this.#ends = [...ends, ...this.#ends];
    this.#following = [...following, ...this.#following];
    this.#options.refused(error);
    return false;
  }
}
