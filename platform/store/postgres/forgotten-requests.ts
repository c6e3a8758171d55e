import { isFunction, parseKeyText } from "../function-key.ts";
import type { Records } from "../sqlite/records.ts";
import type { Store } from "../store.ts";
import type { Replica } from "./replica.ts";
import type { PostgresRequests } from "./requests.ts";

/** The requests of functions that the leader deletes go after them: when the deletion itself is safe. */
export class ForgottenRequests {
  readonly #records: Records;
  readonly #requests: PostgresRequests;
  readonly #problem: (error: unknown) => void;
  readonly #running = new Set<Promise<void>>();

  constructor(
    records: Records,
    replica: Replica,
    requests: PostgresRequests,
    problem: (error: unknown) => void,
  ) {
    this.#records = records;
    this.#requests = requests;
    this.#problem = problem;
    records.onChange((text) => {
      if (replica.term !== undefined) this.#look(text);
    });
  }

  /** What an earlier leader left behind when it was killed between the two. */
  sweep(): void {
    this.#track(this.#sweep());
  }

  /** `settled` of the records and of what goes after them. */
  readonly settled: Store["settled"] = (mark) => {
    const settled = this.#records.settled(mark);
    if (this.#running.size === 0) return settled;
    return Promise.all([settled, ...this.#running]).then(() => undefined);
  };

  #look(functionKey: string): void {
    if (this.#isGone(functionKey)) this.#track(this.#forget(functionKey));
  }

  #track(work: Promise<unknown>): void {
    const task = work.then(() => undefined, this.#problem).finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  async #sweep(): Promise<void> {
    const keys = await this.#requests.keys();
    const gone = keys.filter((key) => isFunction(key) && this.#isGone(key));
    await Promise.all(gone.map((key) => this.#forget(key)));
  }

  #isGone(functionKey: string): boolean {
    return this.#records.functions.find(parseKeyText(functionKey)) === undefined;
  }

  async #forget(functionKey: string): Promise<void> {
    try {
      await this.#records.settled();
    } catch {
      return; // it was not deleted after all
    }
    // One of the same name may have come meanwhile, with requests of its own.
    if (this.#isGone(functionKey)) await this.#requests.forget(functionKey);
  }
}
