import type { Postgres } from "./connection.ts";
import { findLeader, LEADER_CHANNEL } from "./leader.ts";
import type { Member, Members } from "./members.ts";

/** Knows which member leads. Made before the connection starts. */
export class Leadership {
  readonly #members: Members;
  readonly #waiting = new Set<() => void>();
  #id: string | undefined;
  /** Leaders that were told of. */
  #told = 0;

  constructor(postgres: Postgres, members: Members) {
    this.#members = members;
    postgres.listen(LEADER_CHANNEL, (id) => {
      this.#id = id;
      this.#told++;
      this.#tell();
    });
    postgres.onUp(async () => {
      const told = this.#told;
      const id = await findLeader(postgres);
      // One that was told of meanwhile came later.
      if (told === this.#told) this.#id = id;
      this.#tell();
    });
    members.onChange(() => this.#tell());
  }

  /** The living member that leads; undefined while there is none. */
  get leader(): Member | undefined {
    return this.#members.list().find(({ id }) => id === this.#id);
  }

  /** Settles when members or leader changed, or after the time. */
  changed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#waiting.add(done);
    });
  }

  #tell(): void {
    for (const done of this.#waiting) done();
  }
}
