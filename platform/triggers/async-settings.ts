import type { AsyncConfig } from "../store/async-configs.ts";
import type { Store } from "../store/store.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";

/** Settings for asynchronous calls, read once after each change of their function. */
export class AsyncSettings {
  readonly #store: Pick<Store, "asyncConfigs">;
  readonly #known = new Map<string, Map<string, AsyncConfig | undefined>>();

  constructor(store: Pick<Store, "asyncConfigs" | "onChange">) {
    this.#store = store;
    store.onChange((functionKey) => this.#known.delete(functionKey));
  }

  of(key: FunctionKey, qualifier: string): AsyncConfig | undefined {
    const text = keyText(key);
    let known = this.#known.get(text);
    if (known === undefined) this.#known.set(text, (known = new Map()));
    if (!known.has(qualifier)) known.set(qualifier, this.#store.asyncConfigs.find(key, qualifier)?.config);
    return known.get(qualifier);
  }
}
