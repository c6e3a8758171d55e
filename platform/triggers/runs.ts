import { keyText, type FunctionKey } from "../store/function-key.ts";

/** A request that runs. */
interface Run {
  readonly functionKey: string;
  /** There when somebody cancelled it; resolves when its end is written: with false when it is to be tried again. */
  cancelled: PromiseWithResolvers<boolean> | undefined;
  /** Its end is known, and perhaps not written yet. */
  ended: boolean;
}

/** Requests that run in this process, by their ids, until their ends are written. */
export class Runs {
  readonly #runs = new Map<string, Run>();

  begin(id: string, functionKey: string): void {
    this.#runs.set(id, { functionKey, cancelled: undefined, ended: false });
  }

  /** Its end is known. */
  end(id: string): void {
    const run = this.#runs.get(id);
    if (run !== undefined) run.ended = true;
  }

  /** Ids of those whose ends are not known. */
  unended(): string[] {
    return [...this.#runs].filter(([, { ended }]) => !ended).map(([id]) => id);
  }

  isCancelled(id: string): boolean {
    return this.#runs.get(id)?.cancelled !== undefined;
  }

  /**
   * Marks a request of the function. Undefined when it does not run here; resolves when its end is written: to true when it has ended, to
   * false when it is tried again.
   */
  cancel(key: FunctionKey, id: string): Promise<boolean> | undefined {
    const run = this.#runs.get(id);
    if (run === undefined || run.functionKey !== keyText(key)) return undefined;
    run.cancelled ??= Promise.withResolvers<boolean>();
    return run.cancelled.promise;
  }

  /** Its end is written. @param again it is tried again. @returns its function (`keyText`); undefined when it did not run here */
  settle(id: string, again: boolean): string | undefined {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    run?.cancelled?.resolve(!again);
    return run?.functionKey;
  }
}
