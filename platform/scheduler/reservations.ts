import type { Instance } from "./instance.ts";
import type { Target } from "./target.ts";

/** How often what is there is compared with what is wanted. */
const EVERY_MS = 1_000;
/** After a failed start a reservation waits, longer each time. */
const RETRY_MS = { first: 1_000, most: 60_000 };

interface Reservation {
  readonly target: Target;
  count: number;
  /** Reserved instances that live, leased or not. */
  readonly alive: Set<Instance>;
  /** Of these, those that nobody leased yet. */
  readonly spare: Instance[];
  starting: number;
  /** No start before this time (performance.now()). */
  notBefore: number;
  pauseMs: number;
}

/** Keeps counts of loaded instances (guide 3.10). Looks at what is there every time, so that no event can be missed. */
export class Reservations {
  readonly #ready: (target: Target) => Promise<Instance>;
  readonly #problem: (error: unknown) => void;
  readonly #byKey = new Map<string, Reservation>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ready: (target: Target) => Promise<Instance>, problem: (error: unknown) => void) {
    this.#ready = ready;
    this.#problem = problem;
  }

  set(target: Target, count: number): void {
    const known = this.#byKey.get(target.key);
    if (known !== undefined) known.count = count;
    else if (count > 0)
      this.#byKey.set(target.key, {
        target,
        count,
        alive: new Set(),
        spare: [],
        starting: 0,
        notBefore: 0,
        pauseMs: 0,
      });
    this.#timer ??= setInterval(() => this.#reconcile(), EVERY_MS).unref();
    this.#reconcile();
  }

  /** A reserved instance that nobody has, if there is one. */
  take(target: Target): Instance | undefined {
    return this.#byKey.get(target.key)?.spare.shift();
  }

  /** Forgets the reservations of a function; its instances are ended by whoever calls. */
  end(functionKey: string): void {
    for (const [key, { target, alive }] of this.#byKey) {
      if (target.functionKey !== functionKey) continue;
      for (const instance of alive) instance.reserved = false;
      this.#byKey.delete(key);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#byKey.clear();
  }

  #reconcile(): void {
    for (const [key, reservation] of this.#byKey) {
      const { alive, spare, count } = reservation;
      const more = count - alive.size - reservation.starting;
      if (performance.now() >= reservation.notBefore)
        for (let n = 0; n < more; n += 1) void this.#add(reservation);
      for (let n = more; n < 0 && alive.size > 0; n += 1) this.#drop(reservation);
      if (count === 0 && alive.size === 0 && spare.length === 0) this.#byKey.delete(key);
    }
  }

  async #add(reservation: Reservation): Promise<void> {
    const { target, alive, spare } = reservation;
    reservation.starting += 1;
    try {
      const instance = await this.#ready(target);
      if (this.#byKey.get(target.key) !== reservation) return await instance.stop();
      reservation.pauseMs = 0;
      instance.reserved = true;
      instance.state = "ready";
      alive.add(instance);
      spare.push(instance);
      instance.onLost(() => this.#forget(reservation, instance));
    } catch (error) {
      reservation.pauseMs = Math.min(RETRY_MS.most, reservation.pauseMs * 2 || RETRY_MS.first);
      reservation.notBefore = performance.now() + reservation.pauseMs;
      this.#problem(error);
    } finally {
      reservation.starting -= 1;
    }
    return undefined;
  }

  /** A spare one is stopped; a leased one becomes an ordinary instance, which its gateway gives back when it is idle. */
  #drop(reservation: Reservation): void {
    const spare = reservation.spare[0];
    const instance = spare ?? [...reservation.alive][0];
    if (instance === undefined) return;
    this.#forget(reservation, instance);
    if (spare !== undefined) spare.stop().catch(this.#problem);
  }

  #forget({ alive, spare }: Reservation, instance: Instance): void {
    instance.reserved = false;
    alive.delete(instance);
    const at = spare.indexOf(instance);
    if (at !== -1) spare.splice(at, 1);
  }
}
