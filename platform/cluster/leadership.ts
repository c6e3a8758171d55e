import type { Postgres } from "./connection.ts";
import { findLeader, LEADER_CHANNEL } from "./leader.ts";
import type { Member, Members } from "./members.ts";

/** Knows which member leads. Made before the connection starts. */
export class Leadership {
  readonly #members: Members;
  readonly #waiting = new Set<() => void>();
  #id: string | undefined;

  constructor(postgres: Postgres, members: Members) {
    this.#members = members;
    postgres.listen(LEADER_CHANNEL, (id) => {
      this.#id = id;
      this.#tell();
    });
    postgres.onUp(async () => {
      this.#id = await findLeader(postgres);
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
