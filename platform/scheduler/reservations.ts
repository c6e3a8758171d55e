import type { Instance } from "./instance.ts";
import { Reservation } from "./reservation.ts";
import type { Wish } from "./scheduler.ts";
import type { Target } from "./target.ts";

/** How often what is there is compared with what is wanted. */
const EVERY_MS = 1_000;
/** A new revision takes over after this time, whether its reserved instances are ready or not. */
const TURN_MS = 60_000;

interface ReservationsOptions {
  /** A loaded and initialized instance. */
  readonly start: (target: Target) => Promise<Instance>;
  /** Further instances that the target's function may have. */
  readonly room: (target: Target) => number;
  /** A loaded instance of the target that nobody reserved, if there is one. */
  readonly spareOf: (target: Target) => Instance | undefined;
  readonly problem: (error: unknown) => void;
}

/**
 * Keeps counts of loaded instances (guide 3.10). Looks at what is there every time, so that no event can be missed.
 *
 * When a version changes, the instances of the revision before stay and take the calls until the new ones are ready; then the new revision
 * takes its turn. Where the function may have no more instances, they are replaced one by one, and the turn is in the middle.
 */
export class Reservations {
  readonly #options: ReservationsOptions;
  readonly #byKey = new Map<string, Reservation>();
  readonly #listeners: ((functionKey: string) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ReservationsOptions) {
    this.#options = options;
  }

  set(target: Target, wish: Wish): void {
    const known = this.#byKey.get(target.key);
    if (known !== undefined) known.wish = wish;
    else if (wish.count > 0) this.#byKey.set(target.key, new Reservation(target, wish));
    this.#timer ??= setInterval(() => this.#reconcile(), EVERY_MS).unref();
    this.#reconcile();
  }

  /** A reserved instance that nobody has, if there is one. */
  take(target: Target): Instance | undefined {
    return this.#byKey.get(target.key)?.spare.shift();
  }

  ready(target: Target): boolean {
    return (this.#byKey.get(target.key)?.spare.length ?? 0) > 0;
  }

  standIn(line: string, newest: string): Target | undefined {
    if (this.#byKey.get(newest)?.turned === true) return undefined;
    for (const [key, { target, turned, alive }] of this.#byKey)
      if (target.line === line && key !== newest && turned && alive.size > 0) return target;
    return undefined;
  }

  onTurn(listener: (functionKey: string) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#byKey.clear();
  }

  #reconcile(): void {
    for (const reservation of this.#byKey.values()) if (reservation.wish.count > 0) this.#fill(reservation);
    for (const [key, reservation] of this.#byKey) {
      if (reservation.wish.count === 0 && !this.#awaited(reservation)) this.#dropAll(key, reservation);
      for (const instance of reservation.alive) instance.doze(reservation.wish.idleMode);
    }
  }

  /** The revision before this one, while its instances live. */
  #before({ target }: Reservation): Reservation | undefined {
    for (const [key, one] of this.#byKey)
      if (key !== target.key && one.target.line === target.line && one.turned) return one;
    return undefined;
  }

  /** True when a newer revision has not taken over from this one yet. */
  #awaited({ target, turned, alive }: Reservation): boolean {
    if (!turned || alive.size === 0) return false;
    for (const one of this.#byKey.values())
      if (one.target.line === target.line && one.wish.count > 0 && !one.turned) return true;
    return false;
  }

  #fill(reservation: Reservation): void {
    const { target, alive, wish } = reservation;
    const before = this.#before(reservation);
    if (!reservation.turned && reservation.mayTurn(before?.alive.size ?? 0, TURN_MS)) this.#turn(reservation);
    const missing = wish.count - alive.size - reservation.starting;
    for (let n = missing; n < 0 && alive.size > 0; n += 1) this.#drop(reservation);
    if (missing <= 0 || performance.now() < reservation.notBefore) return;
    const room = this.#options.room(target);
    for (let n = Math.min(missing, room); n > 0; n -= 1) void this.#add(reservation);
    if (room > 0) return;
    if (reservation.turned || before === undefined) this.#adopt(reservation, missing);
    else if (reservation.starting === 0) this.#replace(before, reservation);
  }

  /** There is no room for it: what was started for calls counts from now on. */
  #adopt(reservation: Reservation, most: number): void {
    for (let n = most; n > 0; n -= 1) {
      const instance = this.#options.spareOf(reservation.target);
      if (instance === undefined) return;
      this.#keep(reservation, instance);
    }
  }

  /** One of the revision before makes room for one of this. */
  #replace(before: Reservation, reservation: Reservation): void {
    const instance = before.leastBusy;
    if (instance === undefined) return;
    // It is asked for first: who hears that the old one goes might want another of these.
    void this.#add(reservation);
    before.forget(instance);
    instance.retire("the function changed");
    instance.stop().catch(this.#options.problem);
  }

  async #add(reservation: Reservation): Promise<void> {
    const { target } = reservation;
    reservation.starting += 1;
    try {
      const instance = await this.#options.start(target);
      reservation.starting -= 1;
      if (this.#byKey.get(target.key) !== reservation) return await instance.stop();
      reservation.pauseMs = 0;
      reservation.spare.push(instance);
      this.#keep(reservation, instance);
    } catch (error) {
      reservation.starting -= 1;
      reservation.failed();
      this.#options.problem(error);
    }
    this.#reconcile();
    return undefined;
  }

  #keep(reservation: Reservation, instance: Instance): void {
    instance.reserved = true;
    reservation.alive.add(instance);
    instance.onLost(() => reservation.forget(instance));
  }

  #turn(reservation: Reservation): void {
    reservation.turned = true;
    this.#tell(reservation.target.functionKey);
  }

  #dropAll(key: string, reservation: Reservation): void {
    while (reservation.alive.size > 0) this.#drop(reservation);
    this.#byKey.delete(key);
    this.#tell(reservation.target.functionKey);
  }

  /** A spare one is stopped; a leased one becomes an ordinary instance, which its gateway gives back when it is idle. */
  #drop(reservation: Reservation): void {
    const instance = reservation.leastBusy;
    if (instance === undefined) return;
    const leased = !reservation.spare.includes(instance);
    reservation.forget(instance);
    if (leased) instance.doze(false);
    else instance.stop().catch(this.#options.problem);
  }

  #tell(functionKey: string): void {
    for (const listener of this.#listeners) listener(functionKey);
  }
}
