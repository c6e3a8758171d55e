import { LIMITS } from "../../model/limits.ts";
import type { CallMeta } from "../link/call.ts";
import type { Target } from "../scheduler/target.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { Lane } from "./lane.ts";
import type { Lanes } from "./lanes.ts";
import { DISABLED, type Refusal } from "./refusal.ts";

const MEMORY_SIZES: readonly number[] = LIMITS.memorySizesMb;

/** One version of a function, ready to be called with any memory size. */
export class Variant {
  readonly #lanes: Lanes;
  readonly #target: Target;
  readonly lane: Lane;

  constructor(target: Target, lanes: Lanes) {
    this.#lanes = lanes;
    this.#target = target;
    this.lane = lanes.open(target);
  }

  get disabled(): boolean {
    return this.#target.spec.maxInstances === 0;
  }

  /** The lane for `X-Cff-Instance-Memory` (guide 3.3.11); its own size when the header is missing or dynamic memory is off. */
  laneFor(header: string | undefined): Lane | Refusal {
    if (this.disabled) return DISABLED;
    if (header === undefined || header === "" || !this.#target.spec.dynamicMemory) return this.lane;
    const memoryMb = /^\d+$/.test(header) ? Number(header) : Number.NaN;
    if (!MEMORY_SIZES.includes(memoryMb))
      return {
        status: 406,
        code: "FSS.0406",
        message: `X-Cff-Instance-Memory is ${JSON.stringify(header)}; it must be one of ${MEMORY_SIZES.join(", ")}. Send one of these, or leave the header out.`,
      };
    if (memoryMb === this.#target.memoryMb) return this.lane;
    const key = `${this.#target.key}/${memoryMb}`;
    return this.#lanes.open({ ...this.#target, key, memoryMb });
  }
}

/** What a URN, or a trigger's function and qualifier, stands for. */
export class Resolution {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly meta: CallMeta | undefined;
  readonly #variant: Variant;
  readonly #grey: Variant | undefined;
  /** Share of calls that go to the grey version, 0–1. */
  readonly #greyShare: number;

  constructor(
    name: { readonly key: FunctionKey; readonly qualifier: string },
    variant: Variant,
    grey?: { readonly variant: Variant; readonly weight: number },
  ) {
    this.key = name.key;
    this.qualifier = name.qualifier;
    this.meta = name.qualifier.startsWith("!") ? { alias: name.qualifier.slice(1) } : undefined;
    this.#variant = variant;
    this.#grey = grey?.variant;
    this.#greyShare = (grey?.weight ?? 0) / 100;
  }

  /** The version that serves most calls, unless it is switched off. */
  get main(): Variant | undefined {
    return this.#variant.disabled ? undefined : this.#variant;
  }

  /** The version that serves the next call; an alias chooses by weight. */
  pick(): Variant {
    return this.#grey !== undefined && Math.random() < this.#greyShare ? this.#grey : this.#variant;
  }
}
