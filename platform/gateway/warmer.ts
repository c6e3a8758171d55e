import { keyText, type FunctionKey } from "../store/function-key.ts";
import type { Lane } from "./lane.ts";
import type { Warmth } from "./warmth.ts";

/** A function and qualifier that will be called soon. */
export interface Expected {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
}

export interface WarmerOptions {
  readonly warmth: Warmth;
  /** What is known to be called within so many ms. */
  expected(withinMs: number): Iterable<Expected>;
  /** The lane of a function's version; undefined when there is none any more. */
  find(functionKey: string, qualifier: string): Promise<Lane | undefined>;
  readonly problem: (error: unknown) => void;
}

/** Sweeps of the lanes, one a second, between two looks at habits. */
const SWEEPS = 5;
/** Who is expected within this time gets an instance now. */
const AHEAD_MS = 8_000;
/** Of those who are expected at once no more get an instance: the queue of timers runs a limited number at once too. */
const MOST_EXPECTED = 32;
/** What was started for one who is expected is kept this long. */
const PATIENCE_MS = 20_000;

/** Has lanes keep, give back and start instances by what is known of their functions' calls. */
export class Warmer {
  readonly #options: WarmerOptions;
  #sweeps = 0;

  constructor(options: WarmerOptions) {
    this.#options = options;
  }

  /** To be called with each sweep of the lanes. */
  look(lanes: Iterable<Lane>): void {
    this.#sweeps += 1;
    if (this.#sweeps % SWEEPS !== 0) return;
    const { warmth } = this.#options;
    // Unlike the clock on the wall this one is never set.
    const now = performance.timeOrigin + performance.now();
    const served = new Map<string, Lane>();
    for (const lane of lanes) {
      const name = nameOf(lane);
      if (name === undefined || lane.stale) continue;
      served.set(name, lane);
      lane.habit = warmth.habit(name, lane.target.memoryMb);
      lane.habit.observe(now, lane.running > 0, lane.freedAt > 0 ? performance.timeOrigin + lane.freedAt : 0);
    }
    warmth.tick(now);
    for (const lane of served.values()) lane.warmUp();
    for (const [name, habit] of warmth.entries())
      if (!served.has(name) && habit.known && habit.wanted) void this.#revive(name);
    let soon = 0;
    for (const { key, qualifier } of this.#options.expected(AHEAD_MS)) {
      if (++soon > MOST_EXPECTED) break;
      void this.#expect(key, qualifier);
    }
  }

  /** A function that was not called since the platform started or since it was changed. */
  async #revive(name: string): Promise<void> {
    const at = name.lastIndexOf(":");
    const lane = await this.#find(name.slice(0, at), name.slice(at + 1));
    // The next look finds its habit.
    if (lane === undefined) this.#options.warmth.forget(name);
  }

  async #expect(key: FunctionKey, qualifier: string): Promise<void> {
    const lane = await this.#find(keyText(key), qualifier);
    lane?.warmUp(performance.now() + PATIENCE_MS);
  }

  async #find(functionKey: string, qualifier: string): Promise<Lane | undefined> {
    try {
      return await this.#options.find(functionKey, qualifier);
    } catch (error) {
      this.#options.problem(error);
      return undefined;
    }
  }
}

/** Undefined for a memory size that callers chose: such calls have no habit of their own. */
function nameOf({ target }: Lane): string | undefined {
  if (target.memoryMb !== target.spec.memoryMb || target.spec.maxInstances === 0) return undefined;
  return `${target.functionKey}:${target.version}`;
}
