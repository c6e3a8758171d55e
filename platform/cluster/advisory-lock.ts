import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";

import type { Postgres } from "./connection.ts";

/** Two numbers name a lock; the first one is the kind of thing that is locked. */
export type LockKey = readonly [kind: number, number: number];

/** The first numbers of locks: any that nobody else is likely to use in this database. */
export const LOCKS = {
  member: 0x46554e00,
  single: 0x46554e01,
  slots: 0x46554e02,
  engineUse: 0x46554e03,
  engineWork: 0x46554e04,
} as const;

/** Second numbers of locks that exist once. */
export const SINGLE = { leader: 0, migrations: 1, foundation: 2 } as const;

/** What a lock tells its owner. */
export interface LockEvents {
  /** It is held; whatever else is done over its connection ends with it. A rejection gives it up and waits anew. */
  readonly held: (client: Client) => Promise<void>;
  /** It was held and its connection is gone, and the lock with it. Comes after `held` has settled, so what that began late is ended too. */
  readonly lost: () => void;
}

const RETRY_MS = 250;

/**
 * A lock that waits on a connection of its own until it is free, and is held for as long as that connection lives:
 * PostgreSQL lets go of it when the process ends, however it ends. A lost one waits anew.
 */
export class AdvisoryLock {
  readonly #postgres: Postgres;
  readonly #query: { readonly text: string; readonly values: readonly number[] };
  readonly #events: LockEvents;
  readonly #closing = new AbortController();
  #client: Client | undefined;

  constructor(postgres: Postgres, key: LockKey, shared: boolean, events: LockEvents) {
    this.#postgres = postgres;
    this.#query = { text: `SELECT pg_advisory_lock${shared ? "_shared" : ""}($1, $2)`, values: key };
    this.#events = events;
    void this.#stay();
  }

  /** Lets go of it, or stops waiting; `lost` is not called. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#client?.end().catch(() => undefined);
  }

  async #stay(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#hold();
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Once, from the connection to its end. */
  async #hold(): Promise<void> {
    const client = this.#postgres.session();
    this.#client = client;
    let held = false;
    try {
      const ended = new Promise<void>((resolve) => client.once("end", resolve));
      client.on("error", () => undefined); // the end follows
      await client.connect();
      await client.query({ text: this.#query.text, values: [...this.#query.values] });
      if (this.#closing.signal.aborted) return;
      held = true;
      await this.#events.held(client);
      await ended;
    } catch {
      // It is away, or `held` gives the lock up.
    } finally {
      await client.end().catch(() => undefined);
      if (held && !this.#closing.signal.aborted) this.#events.lost();
    }
  }
}
