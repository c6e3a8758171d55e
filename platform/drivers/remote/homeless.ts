import type { Place } from "./place.ts";
import type { RemoteInstance } from "./remote-instance.ts";

/** Ends with a call of `lose`, unless it is given up before. */
interface Wait {
  readonly timer: NodeJS.Timeout;
  readonly lose: () => void;
}

/** Instances whose scheduler is gone while they run on and are used: each goes to the first scheduler that takes it over. */
export class Homeless {
  readonly #waitMs: number;
  readonly #instances = new Map<RemoteInstance, Wait>();
  /** Offers to one scheduler are made one after the other, so that it has none twice. Which of several takes one they settle themselves. */
  readonly #offers = new WeakMap<Place, Promise<void>>();

  /** @param waitMs so long an instance waits; then it counts as lost */
  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** @param places schedulers that may be there */
  add(instances: readonly RemoteInstance[], places: readonly Place[]): void {
    for (const instance of instances) this.#add(instance);
    for (const place of places) this.offer(place);
  }

  /** Offers all of them to a scheduler, which may be there. */
  offer(place: Place): void {
    if (this.#instances.size > 0)
      this.#offers.set(place, this.#offerAll(place, this.#offers.get(place) ?? Promise.resolve()));
  }

  /** All that are left are lost. */
  close(): void {
    for (const instance of this.#instances.keys()) this.#lose(instance);
  }

  #add(instance: RemoteInstance): void {
    if (instance.held === undefined) {
      instance.orphaned();
      return;
    }
    // One may be offered to a scheduler that ends before it answers, and comes again.
    this.#forget(instance);
    const lose = (): void => this.#lose(instance);
    this.#instances.set(instance, { timer: setTimeout(lose, this.#waitMs), lose });
    // One that has ended in between ends its stream, and nobody else tells.
    instance.stream?.once("close", lose);
  }

  async #offerAll(place: Place, before: Promise<void>): Promise<void> {
    await before;
    await Promise.all([...this.#instances.keys()].map((instance) => this.#offer(instance, place)));
  }

  async #offer(instance: RemoteInstance, place: Place): Promise<void> {
    if (!place.open || !(await place.adopt(instance))) return;
    // One that was given up meanwhile nobody here knows any more.
    if (!this.#forget(instance)) await instance.destroy();
  }

  #lose(instance: RemoteInstance): void {
    if (this.#forget(instance)) instance.orphaned();
  }

  #forget(instance: RemoteInstance): boolean {
    const wait = this.#instances.get(instance);
    if (wait === undefined) return false;
    clearTimeout(wait.timer);
    instance.stream?.off("close", wait.lose);
    return this.#instances.delete(instance);
  }
}
