import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type {
  Capabilities,
  Driver,
  DriverInstance,
  InstanceRequest,
  RuntimeAvailability,
} from "../driver.ts";
import { near } from "../machine/door.ts";
import { LineHost } from "./line-host.ts";
import type { Welcome } from "./messages.ts";
import { Homeless } from "./homeless.ts";
import { PeerGoneError, type Handlers } from "./peer.ts";
import { Place, type PlaceGround } from "./place.ts";
import type { RemoteInstance } from "./remote-instance.ts";

export interface RemoteDriverOptions {
  /** Folder of this gateway alone, for its socket. Made when it is missing. */
  readonly runDir: string;
  /** Folder that holds all unpacked code; schedulers read it. */
  readonly codeRoot: string;
  /** What schedulers may ask of this gateway. Default: nothing. */
  readonly duties?: Handlers;
  /** Time that a start waits for a scheduler while none is there. Default 10,000. */
  readonly waitMs?: number;
  /** Told what went wrong in the background. */
  readonly problem: (error: unknown) => void;
}

/** Processes of a platform that start together find each other within this time. */
const READY_MS = 60_000;
const NONE =
  "No scheduler of this platform is there. Start one with `fungraph platform start --role scheduler` and the same --database.";

/** An instance that runs on without a scheduler serves as before; but nobody ends it when it is idle. */
const HOMELESS_MS = 60_000;

/**
 * Has instances run by schedulers in other processes of this machine; their bytes go straight between them and this process. Starts go to the
 * scheduler with the fewest instances of this gateway. Instances of a scheduler that ends are taken over by another where they outlive it, and
 * lost elsewhere; the start of one is asked of the next.
 */
export class RemoteDriver implements Driver {
  readonly name = "remote";
  readonly #ground: PlaceGround;
  readonly #lines: LineHost;
  readonly #waitMs: number;
  readonly #problem: (error: unknown) => void;
  readonly #places = new Map<string, Place>();
  #known: ReadonlySet<string> = new Set();
  /** Starts that wait for a scheduler. */
  readonly #waiting = new Set<() => void>();
  readonly #expected = new Set<string>();
  readonly #homeless: Homeless;
  #said: Welcome | undefined;
  #closed = false;

  private constructor(options: RemoteDriverOptions, lines: LineHost, path: string) {
    const { codeRoot, duties = {}, waitMs = 10_000, problem } = options;
    this.#lines = lines;
    this.#waitMs = waitMs;
    this.#homeless = new Homeless(HOMELESS_MS);
    this.#problem = problem;
    this.#ground = {
      greeting: { lines: path, codeRoot },
      lines,
      duties,
      came: (place, said) => this.#welcome(place, said),
      left: (instances) => this.#leave(instances),
    };
  }

  /** A driver without a scheduler: `follow` names them, and `ready` waits for the first. */
  static async open(options: RemoteDriverOptions): Promise<RemoteDriver> {
    mkdirSync(options.runDir, { recursive: true, mode: 0o700 });
    const path = join(options.runDir, "lines");
    const lines = await LineHost.open(near(path));
    const driver = new RemoteDriver(options, lines, path);
    return driver;
  }

  /** Waits for the first scheduler, which tells what instances can do. Rejects with a sentence when none comes in time. */
  async ready(): Promise<void> {
    await this.#place(READY_MS);
  }

  get capabilities(): Capabilities {
    return this.#welcomed.capabilities;
  }

  runtimes(): Promise<readonly RuntimeAvailability[]> {
    return Promise.resolve(this.#welcomed.runtimes);
  }

  /** Schedulers that take orders now. */
  get connected(): number {
    return this.#open.length;
  }

  /** These are the schedulers now. @param paths of their sockets */
  follow(paths: readonly string[]): void {
    if (this.#closed) return;
    this.#known = new Set(paths);
    for (const path of paths)
      if (!this.#places.has(path)) this.#places.set(path, new Place(path, this.#ground));
    this.#forget();
  }

  expect(runtime: string): void {
    this.#expected.add(runtime);
    for (const place of this.#places.values()) place.expect(runtime);
  }

  async create(request: InstanceRequest): Promise<DriverInstance> {
    for (;;) {
      // No pause between choice and start: the next choice counts this one.
      const place = this.#best() ?? (await this.#place());
      try {
        return await place.create(request);
      } catch (error) {
        if (!(error instanceof PeerGoneError)) throw error;
      }
    }
  }

  recover(): Promise<void> {
    // What is left of earlier runs is the schedulers' to remove.
    return Promise.resolve();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const again of this.#waiting) again();
    this.#homeless.close();
    await Promise.all([...this.#places.values()].map((place) => place.close()));
    await this.#lines.close();
  }

  get #open(): Place[] {
    return [...this.#places.values()].filter((place) => place.open);
  }

  get #welcomed(): Welcome {
    if (this.#said === undefined) throw new Error(NONE);
    return this.#said;
  }

  /** Lets go of schedulers that are no more. One that still answers runs instances, and is known again soon. */
  #forget(): void {
    for (const [path, place] of this.#places) {
      if (this.#known.has(path) || place.connected) continue;
      this.#places.delete(path);
      place.close().catch(this.#problem);
    }
  }

  #leave(instances: readonly RemoteInstance[]): void {
    if (this.#closed) for (const one of instances) one.orphaned();
    else this.#homeless.add(instances, [...this.#places.values()]);
    this.#forget();
  }

  #welcome(place: Place, said: Welcome): void {
    this.#said ??= said;
    for (const runtime of this.#expected) place.expect(runtime);
    this.#homeless.offer(place);
    for (const again of this.#waiting) again();
  }

  /** The one with the least to do. */
  #best(): Place | undefined {
    const [first, ...rest] = this.#closed ? [] : this.#open;
    return first && rest.reduce((best, one) => (one.load < best.load ? one : best), first);
  }

  /** The same. Waits for one; rejects when none comes. */
  async #place(waitMs = this.#waitMs): Promise<Place> {
    const until = performance.now() + waitMs;
    for (;;) {
      if (this.#closed) throw new Error("the driver is closed");
      const best = this.#best();
      if (best !== undefined) return best;
      const left = until - performance.now();
      if (left <= 0) throw new Error(NONE);
      await this.#change(left);
    }
  }

  /** Settles when a scheduler came, the driver closes, or the time is over. */
  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const again = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(again);
        resolve();
      };
      const timer = setTimeout(again, ms);
      this.#waiting.add(again);
    });
  }
}
