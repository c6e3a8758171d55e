import { isFunction } from "../store/function-key.ts";
import { Pool, type PoolBounds } from "./pool.ts";

/** Deliveries have slots of their own: slow endpoints hold up no function, and one of them not the others. */
const DELIVERIES = { running: 32, runningPerKey: 8 };

/** Starts up to `count` requests of a key in a pool; answers when its next one is due, undefined when it has no more. */
type Take = (key: string, count: number, pool: Pool) => number | undefined;

/** The slots of functions, and those of what is delivered to object stores and endpoints. */
export class Pools {
  readonly #functions: Pool;
  readonly #deliveries = new Pool(DELIVERIES);

  constructor(functions: PoolBounds) {
    this.#functions = new Pool(functions);
  }

  /** @param key of a function or a delivery (`keyText`) */
  of(key: string): Pool {
    return isFunction(key) ? this.#functions : this.#deliveries;
  }

  get total(): number {
    return this.#functions.total + this.#deliveries.total;
  }

  /** When the next key becomes due; Infinity when none does. */
  get nextDue(): number {
    return Math.min(this.#functions.nextDue ?? Infinity, this.#deliveries.nextDue ?? Infinity);
  }

  /** Gives every key that is due its turn, as long as there is room. */
  turns(now: number, take: Take): void {
    for (const pool of [this.#functions, this.#deliveries])
      pool.turns(now, (key, count) => take(key, count, pool));
  }
}
