import type { Postgres } from "../../cluster/connection.ts";
import type { Members } from "../../cluster/members.ts";

/** A member tells here how far it is: its id, a space, and the number of the last entry that it took over. */
const CHANNEL = "fungraph_applied";
/** One that does not answer holds up a change no longer than this. */
const PATIENCE_MS = 500;

interface Wait {
  readonly seq: number;
  readonly resolve: () => void;
}

/** Knows how far the members are with the log, so that a call right after a change sees it wherever it goes. */
export class Acknowledgements {
  readonly #postgres: Postgres;
  readonly #members: Members;
  readonly #applied = new Map<string, number>();
  readonly #waits = new Set<Wait>();

  constructor(postgres: Postgres, members: Members) {
    this.#postgres = postgres;
    this.#members = members;
    postgres.listen(CHANNEL, (payload) => {
      const [id = "", seq] = payload.split(" ");
      this.#applied.set(id, Number(seq));
      this.#check();
    });
    members.onChange(() => {
      const ids = new Set(members.list().map((one) => one.id));
      for (const id of this.#applied.keys()) if (!ids.has(id)) this.#applied.delete(id);
      this.#check();
    });
  }

  /** Tells the others that this process took over everything up to an entry. */
  tell(seq: number): void {
    // Who waits for it in vain goes on after a while.
    this.#postgres.notify(CHANNEL, `${this.#members.id} ${seq}`).catch(() => undefined);
  }

  /** Resolves when all other living members took over an entry, or after half a second. */
  async all(seq: number): Promise<void> {
    if (this.#haveAll(seq)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wait = { seq, resolve };
    this.#waits.add(wait);
    const timer = setTimeout(resolve, PATIENCE_MS);
    await promise;
    clearTimeout(timer);
    this.#waits.delete(wait);
  }

  #check(): void {
    for (const { seq, resolve } of this.#waits) if (this.#haveAll(seq)) resolve();
  }

  #haveAll(seq: number): boolean {
    return this.#members
      .list()
      .every(({ id }) => id === this.#members.id || (this.#applied.get(id) ?? 0) >= seq);
  }
}
