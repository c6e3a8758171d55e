import type { Instance } from "./instance.ts";

/** After a failed start the pool waits, longer each time, so that a broken machine is not kept busy. */
const RETRY_MS = { first: 1_000, most: 60_000 };
/** Refilling waits this long after the last claim: a burst of claims has the processors to itself. */
const REFILL_DELAY_MS = 20;

/** A fresh instance gives a sign of life within this time. */
const WAKE_MS = 5_000;

/** Starts a generic instance. */
export type Start = (runtime: string) => Promise<Instance>;

/** Generic instances, started ahead of need. */
export class WarmPool {
  readonly #size: number;
  readonly #start: Start;
  readonly #problem: (error: unknown) => void;
  readonly #shelves = new Map<string, Shelf>();
  #claims = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param size instances kept of each runtime in use */
  constructor(size: number, start: Start, problem: (error: unknown) => void) {
    this.#size = size;
    this.#start = start;
    this.#problem = problem;
  }

  /** Keeps instances of the runtime from now on. */
  use(runtime: string): void {
    if (this.#shelves.has(runtime)) return;
    this.#shelves.set(runtime, { spares: [], notBefore: 0, pauseMs: 0 });
    this.#refillSoon();
  }

  /**
   * A generic instance: a warm one, the next that is on its way, or a new one by `fresh`. Nothing is refilled until the claim that
   * follows has ended with `claimed`. Where the pool keeps more than that, `leave` warm ones stay for others.
   */
  async take(
    runtime: string,
    { leave, fresh }: { readonly leave: number; readonly fresh: () => Promise<Instance> },
  ): Promise<Instance> {
    this.use(runtime);
    this.#claims += 1;
    const spares = this.#shelves.get(runtime)?.spares ?? [];
    const scarce = this.#size > leave && spares.length <= leave;
    const instance = scarce ? undefined : await arrived(spares.shift());
    return instance?.alive === true ? instance : fresh();
  }

  /** The claim of a taken instance has ended, well or not. */
  claimed(): void {
    this.#claims -= 1;
    this.#refillSoon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const left = [...this.#shelves.values()].flatMap(({ spares }) => spares.splice(0));
    await Promise.all(
      left.map(async (spare) => (await arrived(spare))?.kill("system", "the pool was closed")),
    );
  }

  #refillSoon(): void {
    if (this.#closed || this.#claims > 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refill(), REFILL_DELAY_MS).unref();
  }

  /** One start at a time: two processors are for functions, not for spares. */
  #refill(): void {
    if (this.#closed || this.#claims > 0) return;
    const now = performance.now();
    for (const [runtime, shelf] of this.#shelves) {
      if (shelf.spares.length >= this.#size) continue;
      if (shelf.notBefore > now) {
        this.#timer = setTimeout(() => this.#refill(), shelf.notBefore - now).unref();
        continue;
      }
      void this.#add(runtime, shelf);
      return;
    }
  }

  async #add(runtime: string, shelf: Shelf): Promise<void> {
    const spare = { coming: this.#start(runtime) };
    shelf.spares.push(spare);
    try {
      const instance = await spare.coming;
      shelf.pauseMs = 0;
      // What a first frame costs is paid before anybody waits. One that gives no sign of life is no spare.
      await instance.heartbeat(WAKE_MS).catch(async () => {
        if (shelf.spares.includes(spare)) await instance.kill("system", "it gave no sign of life");
      });
      this.#refillSoon();
      await instance.gone;
    } catch (error) {
      shelf.pauseMs = Math.min(RETRY_MS.most, shelf.pauseMs * 2 || RETRY_MS.first);
      shelf.notBefore = performance.now() + shelf.pauseMs;
      this.#problem(error);
    }
    // Nothing to do when it was taken.
    const at = shelf.spares.indexOf(spare);
    if (at !== -1) shelf.spares.splice(at, 1);
    this.#refillSoon();
  }
}

/** The warm instances of one runtime, oldest first. */
interface Shelf {
  readonly spares: Spare[];
  /** No start before this time (performance.now()). */
  notBefore: number;
  pauseMs: number;
}

/** A warm instance, or one on its way. */
interface Spare {
  readonly coming: Promise<Instance>;
}

async function arrived(spare: Spare | undefined): Promise<Instance | undefined> {
  try {
    return await spare?.coming;
  } catch {
    // The pool has reported it.
    return undefined;
  }
}
