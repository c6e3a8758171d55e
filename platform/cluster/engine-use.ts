import { createHash } from "node:crypto";
import type { Client, PoolClient } from "pg";

import { AdvisoryLock, LOCKS, type LockKey } from "./advisory-lock.ts";
import type { Reasons } from "./arrangements.ts";
import type { Postgres } from "./connection.ts";

/** What is done to an engine. */
interface EngineWork {
  /** Number of the last change of the records, of which none is missing here. */
  readonly change: () => Promise<number>;
  /** Makes what the records say then. */
  readonly make: () => Promise<Reasons>;
  /** True: also where another process has done it for this very change, since somebody may have undone it. Default false. */
  readonly anew?: boolean;
}

/** Among the processes that use one engine: one at a time changes what they share there, and the last one tidies up. */
export class EngineUse {
  /** Settles when the others know that this process uses it. */
  readonly begun: Promise<void>;
  readonly #postgres: Postgres;
  readonly #engine: string;
  readonly #work: LockKey;
  readonly #use: LockKey;
  readonly #using: AdvisoryLock;
  #holder: Client | undefined;

  /**
   * Uses it from now on.
   * @param engine its name, the same in all processes
   * @param back called when others may have thought for a while that this process uses it no more
   */
  constructor(postgres: Postgres, engine: string, back: () => void) {
    this.#postgres = postgres;
    this.#engine = engine;
    const number = createHash("sha256").update(engine).digest().readInt32BE();
    this.#work = [LOCKS.engineWork, number];
    this.#use = [LOCKS.engineUse, number];
    const { promise, resolve } = Promise.withResolvers<void>();
    this.begun = promise;
    this.#using = new AdvisoryLock(postgres, this.#use, true, {
      held: async (client) => {
        this.#holder = client;
        resolve();
      },
      lost: () => {
        this.#holder = undefined;
        back();
      },
    });
  }

  /**
   * Has an engine be as the records say, by one process for all that use it. Rejects as the work does, and with DatabaseDownError.
   * @returns what could not be made
   */
  async arrange({ change, make, anew = false }: EngineWork): Promise<Reasons> {
    return this.#alone(async (client) => {
      const now = await change();
      const done = await client.query<{ change: number; reasons: [string, string][] }>(
        "SELECT change, reasons FROM engines WHERE name = $1",
        [this.#engine],
      );
      const [last] = done.rows;
      if (!anew && last?.change === now) return new Map(last.reasons);
      const reasons = await make();
      await client.query(
        `INSERT INTO engines (name, change, reasons) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET change = excluded.change, reasons = excluded.reasons`,
        [this.#engine, now, JSON.stringify([...reasons])],
      );
      return reasons;
    });
  }

  /** Uses it no longer, and runs `last` where nobody else does. Rejects as `arrange` does. */
  async leave(last: () => Promise<void>): Promise<void> {
    // With the connection alone it would be held some moments longer.
    await this.#holder
      ?.query("SELECT pg_advisory_unlock_shared($1, $2)", [...this.#use])
      .catch(() => undefined);
    await this.#using.close();
    await this.#alone(async (client) => {
      // Whoever comes now waits with its work until this is done.
      const query = "SELECT pg_try_advisory_xact_lock($1, $2) AS free";
      const { rows } = await client.query<{ free: boolean }>(query, [...this.#use]);
      if (rows[0]?.free !== true) return;
      await client.query("DELETE FROM engines WHERE name = $1", [this.#engine]);
      await last();
    });
  }

  async #alone<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    // What the work ends with is not PostgreSQL's to explain.
    const [outcome] = await this.#postgres.transact(async (client) => {
      await client.query("SELECT pg_advisory_xact_lock($1, $2)", [...this.#work]);
      return Promise.allSettled([work(client)]);
    });
    if (outcome.status === "rejected") throw outcome.reason;
    return outcome.value;
  }
}
