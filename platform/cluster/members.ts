import { randomUUID } from "node:crypto";
import type { Client } from "pg";

import { AdvisoryLock, LOCKS } from "./advisory-lock.ts";
import type { Postgres } from "./connection.ts";

/** The channel that tells that members came or went. */
const CHANNEL = "fungraph_members";
/** After PostgreSQL was away all come back at about the same time: so long nobody is given up. */
const RETURN_MS = 3000;
/** A list that could not be read is read again after this time. */
const RETRY_MS = 1000;

/** What a process does in the cluster. */
type MemberRole = "all" | "gateway" | "scheduler";

/** What a process tells the others of itself. */
export interface MemberCard {
  readonly role: MemberRole;
  /** How others reach it, by purpose, such as `http`. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** A process of the cluster. */
export interface Member extends MemberCard {
  /** UUID, for as long as the process runs. */
  readonly id: string;
  /** Names its lock; another one after each connect. */
  readonly number: number;
}

interface MemberRow extends Member {
  readonly living: boolean;
}

const SELECT = `SELECT id, number, role, addresses, EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND l.classid = ${LOCKS.member}::oid AND l.objid = number::bigint::oid AND l.objsubid = 2
    AND l.mode = 'ExclusiveLock' AND l.granted) AS living
  FROM members ORDER BY number`;

/**
 * Who belongs to the cluster. A member has a row, and a lock that PostgreSQL lets go when its connection ends. Each one
 * waits for the lock of the next in the circle: whoever gets it knows that the other is gone, and removes its row.
 * A process that lost PostgreSQL is no member until it is back; then it is the same one again.
 */
export class Members {
  readonly id: string = randomUUID();
  readonly #postgres: Postgres;
  readonly #card: MemberCard;
  readonly #listeners: (() => void)[] = [];
  #living: readonly Member[] = [];
  #joined = false;
  #number = 0;
  #watched: { readonly number: number; readonly lock: AdvisoryLock } | undefined;
  /** Nobody is given up before, performance.now(). */
  #patientUntil = 0;
  #later: NodeJS.Timeout | undefined;
  #reading = false;
  #stale = false;

  /** Joins when the connection starts. */
  constructor(postgres: Postgres, card: MemberCard) {
    this.#postgres = postgres;
    this.#card = card;
    postgres.listen(CHANNEL, () => this.#refresh());
    postgres.onUp((home, first) => this.#join(home, first));
    postgres.onDown(() => {
      this.#joined = false;
      this.#tell();
    });
  }

  /** All living members in an order that all agree on, this one too once it joined. */
  list(): readonly Member[] {
    return this.#living;
  }

  /** Whether the others count on this process. */
  get joined(): boolean {
    return this.#joined;
  }

  /** Called when members came or went, or this one lost PostgreSQL or came back. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Leaves at once, rather than with the connection. */
  async leave(): Promise<void> {
    clearTimeout(this.#later);
    this.#joined = false;
    await this.#watched?.lock.close();
    this.#watched = undefined;
    await this.#remove([{ id: this.id, number: this.#number }]).catch(() => undefined);
  }

  async #join(home: Client, first: boolean): Promise<void> {
    this.#patientUntil = first ? 0 : performance.now() + RETURN_MS;
    const next = await home.query<{ number: number }>("SELECT nextval('member_numbers') AS number");
    const number = next.rows[0]?.number ?? 0;
    await home.query("SELECT pg_advisory_lock($1, $2)", [LOCKS.member, number]);
    await home.query(
      `INSERT INTO members (id, number, role, addresses) VALUES ($1, $2, $3, $4)
      ON CONFLICT (id) DO UPDATE SET number = excluded.number`,
      [this.id, number, this.#card.role, JSON.stringify(this.#card.addresses)],
    );
    this.#number = number;
    this.#joined = true;
    await this.#read();
    await home.query("SELECT pg_notify($1, '')", [CHANNEL]);
  }

  /** Reads the list anew; one reading serves all who asked before it began. */
  #refresh(): void {
    this.#stale = true;
    if (!this.#reading) void this.#readWhileStale();
  }

  #refreshIn(milliseconds: number): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#refresh(), milliseconds).unref();
  }

  async #readWhileStale(): Promise<void> {
    this.#reading = true;
    while (this.#stale && this.#joined) {
      this.#stale = false;
      await this.#read().catch(() => this.#refreshIn(RETRY_MS));
    }
    this.#reading = false;
  }

  async #read(): Promise<void> {
    const rows = await this.#postgres.query<MemberRow & Record<string, unknown>>(SELECT);
    const dead = rows.filter((row) => !row.living);
    const patience = this.#patientUntil - performance.now();
    if (dead.length > 0 && patience <= 0) await this.#remove(dead);
    else if (dead.length > 0) this.#refreshIn(patience);
    const counted = patience > 0 ? rows : rows.filter((row) => row.living);
    const before = this.#living.map((one) => one.id).join();
    this.#living = counted.map(({ id, number, role, addresses }) => ({ id, number, role, addresses }));
    this.#watch(rows.filter((row) => row.living && row.id !== this.id));
    if (before !== this.#living.map((one) => one.id).join()) this.#tell();
  }

  async #remove(gone: readonly Pick<Member, "id" | "number">[]): Promise<void> {
    await this.#postgres.query(
      `WITH gone AS (DELETE FROM members WHERE (id, number) IN (SELECT * FROM unnest($1::uuid[], $2::integer[])) RETURNING id)
      SELECT pg_notify('${CHANNEL}', '') FROM gone`,
      [gone.map((one) => one.id), gone.map((one) => one.number)],
    );
  }

  /** Waits for the end of the next one in the circle. */
  #watch(others: readonly Member[]): void {
    const next = others.find((one) => one.number > this.#number) ?? others[0];
    if (next?.number === this.#watched?.number) return;
    void this.#watched?.lock.close();
    this.#watched = undefined;
    if (next === undefined) return;
    const lock = new AdvisoryLock(this.#postgres, [LOCKS.member, next.number], true, {
      held: async () => {
        await lock.close();
        if (this.#watched?.lock === lock) this.#watched = undefined;
        this.#refresh();
      },
      lost: () => undefined,
    });
    this.#watched = { number: next.number, lock };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
