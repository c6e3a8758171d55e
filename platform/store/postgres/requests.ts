import type { Members } from "../../cluster/members.ts";
import type { Postgres } from "../../cluster/connection.ts";
import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "../async-records.ts";
import type {
  AsyncOutcome,
  AsyncRequest,
  AsyncRequestStore,
  NewAsyncRequest,
  OtherProcesses,
} from "../async-requests.ts";
import { StoreUnavailableError } from "../errors.ts";
import { keyText, parseKeyText, type FunctionKey } from "../function-key.ts";
import type { TimerFire } from "../triggers.ts";
import { PostgresDeadRequests } from "./dead-requests.ts";
import { RequestCensus } from "./request-census.ts";
import { RequestHistory } from "./request-history.ts";
import { RequestLane, type TakenRow } from "./request-lane.ts";
import { findRecords } from "./request-records.ts";
import { discarding, finding, recovery, type Statement } from "./request-statements.ts";
import { RequestWire } from "./request-wire.ts";

/** What the requests need of the process that they are used in. */
export interface PostgresRequestOptions {
  readonly postgres: Postgres;
  /** Rows that run belong to a member; those of members that are gone wait again. */
  readonly members: Pick<Members, "id" | "onChange">;
  /** The term in which this process leads: with another one it cannot fire timers. Default: not checked. */
  readonly term?: () => number | undefined;
}

/** The longest time between two looks at what others did, ms; one that found changes is repeated after the shorter one. */
const LOOK_MS = 1000;
const LOOK_SOON_MS = 100;
/** A look may take a twentieth of the time: that bounds what it costs. But one that took long may have waited for a busy machine alone. */
const SHARE = 20;
const PAUSE_MS = 3000;
/** A row that somebody else is taking right now: so long it is not asked for again. */
const LOCKED_MS = 20;
const KEYS = ["requests WHERE owner IS NULL", "ended_requests", "dead_requests"]
  .map((rows) => `SELECT function_key AS key FROM ${rows}`)
  .join(" UNION ");
/** Rows of the tally: members seldom meet in one. */
const SHARDS = 16;
const CANCEL_POLL_MS = 50;
const CANCEL_MS = 30_000;

/**
 * Asynchronous requests in PostgreSQL, for all processes of a platform. A request that runs is owned by the member that runs
 * it; each takes due ones past those that others are taking (`FOR UPDATE SKIP LOCKED`), so none has two owners.
 */
export class PostgresRequests implements AsyncRequestStore {
  readonly dead: PostgresDeadRequests;
  readonly #postgres: Postgres;
  readonly #term: () => number | undefined;
  readonly #lane: RequestLane;
  readonly #census: RequestCensus;
  readonly #history: RequestHistory;
  readonly #wire: RequestWire;
  readonly #shard: number;
  #others: OtherProcesses | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #lookedAt = 0;
  #pauseMs = LOOK_SOON_MS;
  #closed = false;

  /** Listens, so it is made before the connection starts; looks once that is up. */
  constructor({ postgres, members, term = () => undefined }: PostgresRequestOptions) {
    this.#postgres = postgres;
    this.#term = term;
    this.#shard = process.pid % SHARDS;
    this.#lane = new RequestLane(postgres, { owner: members.id, shard: this.#shard });
    this.#census = new RequestCensus(postgres);
    this.dead = new PostgresDeadRequests(postgres, (keys, now) => this.#revived(keys, now));
    this.#history = new RequestHistory(postgres, this.dead);
    this.#wire = new RequestWire(postgres, members.id, {
      waiting: () => this.#soon(LOOK_SOON_MS),
      cancel: (key, id) => this.#others?.cancel(key, id),
    });
    members.onChange(() => this.#soon(0));
    postgres.onUp(() => this.#look());
  }

  async accept(requests: readonly NewAsyncRequest[], fires: readonly TimerFire[] = []): Promise<void> {
    await this.#lane.accept(requests, fires.length === 0 ? undefined : { fires, term: this.#term() });
    this.#census.accepted(requests);
    if (requests.some((one) => one.started !== true)) this.#wire.tellWaiting();
  }

  async lastFires(): Promise<Map<string, number>> {
    const rows = await this.#postgres.query<{ id: string; at: number }>(
      "SELECT trigger_id AS id, fired_at AS at FROM timer_fires",
    );
    return new Map(rows.map(({ id, at }) => [id, at]));
  }

  backlog(): { functionKey: string; due: number }[] {
    return this.#census.backlog();
  }

  async take(functionKey: string, now: number, count: number): Promise<AsyncRequest[]> {
    const rows = await this.#lane.take({ functionKey, now, count });
    const taken = rows.filter(({ seq }) => seq !== null).map(read);
    const next = rows[0]?.next ?? undefined;
    const locked = taken.length < count && next !== undefined && next <= now;
    this.#census.taken(functionKey, taken.length, locked ? Math.max(next, Date.now() + LOCKED_MS) : next);
    return taken;
  }

  async finish(outcomes: readonly AsyncOutcome[], following: readonly NewAsyncRequest[] = []): Promise<void> {
    const known = outcomes.flatMap((outcome) => {
      const key = this.#lane.functionOf(outcome.id);
      return key === undefined ? [] : { key, outcome };
    });
    const ends = known.map(({ outcome }) => outcome);
    await this.#lane.end(ends, following);
    for (const { key, outcome } of known) this.#census.ended(key, outcome);
    if (following.length > 0) {
      this.#census.accepted(following);
      this.#wire.tellWaiting();
    }
    this.#history.ended(known);
  }

  async discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): Promise<boolean> {
    const gone = await this.#query(
      discarding({ functionKey: keyText(key), id, errorCode, errorMessage }, this.#shard),
    );
    this.#census.touched();
    this.#soon(0);
    return gone.length > 0;
  }

  async cancelElsewhere(key: FunctionKey, id: string): Promise<boolean | undefined> {
    const find = finding(keyText(key), id);
    const until = performance.now() + CANCEL_MS;
    for (let asked = false; ; asked = true) {
      const [row] = await this.#query<{ owner: string | null }>(find);
      if (row === undefined) return asked ? true : undefined;
      if (row.owner === null) return false;
      if (performance.now() > until)
        throw new StoreUnavailableError(
          `The process that runs the request ${id} does not answer; it may be cancelled yet. Look at the request's status.`,
        );
      await this.#wire.cancel(row.owner, key, id);
      await new Promise((resolve) => setTimeout(resolve, CANCEL_POLL_MS));
    }
  }

  records(key: FunctionKey, query: AsyncRecordQuery): Promise<AsyncRecordPage> {
    return findRecords(this.#postgres, key, query);
  }

  async recover(): Promise<number> {
    const free = await this.#query(recovery(Date.now()));
    await this.#lane.settle();
    await this.#census.look();
    return free.length;
  }

  follow(listener: OtherProcesses): void {
    this.#others = listener;
  }

  count(status: AsyncStatus): number {
    return this.#census.count(status);
  }

  waitingOf(functionKey: string): number {
    return this.#census.waitingOf(functionKey);
  }

  nextDue(functionKey: string): number | undefined {
    return this.#census.nextDue(functionKey);
  }

  /** Keys of all that there is anything of, as text. The database is asked: what this process counts may be a moment old. */
  async keys(): Promise<string[]> {
    const rows = await this.#postgres.query<{ key: string }>(KEYS);
    return rows.map(({ key }) => key);
  }

  /** Forgets all that is kept of a function (`keyText`) that was deleted; what runs ends as it does without one. */
  async forget(functionKey: string): Promise<void> {
    for (const rows of ["requests WHERE owner IS NULL AND", "ended_requests WHERE", "dead_requests WHERE"])
      await this.#postgres.query(`DELETE FROM ${rows} function_key = $1`, [functionKey]);
    this.#census.touched();
    this.#soon(0);
  }

  /** Looks no more; to be called before the connection is closed. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#wire.close();
  }

  #query<Row>({ text, values, name }: Statement): Promise<(Row & Record<string, unknown>)[]> {
    return this.#postgres.query<Row & Record<string, unknown>>(text, values, name);
  }

  #revived(functionKeys: readonly string[], now: number): void {
    for (const key of functionKeys) this.#census.waits(key, now);
    this.#wire.tellWaiting();
  }

  /** Has the next look come after so many ms, but not so often that looking is all that is done. */
  #soon(milliseconds: number): void {
    if (this.#closed || this.#looking) return;
    clearTimeout(this.#timer);
    const earliest = this.#lookedAt + this.#pauseMs - performance.now();
    this.#timer = setTimeout(() => void this.#look(), Math.max(milliseconds, earliest, 0)).unref();
  }

  /** Puts back what dead members left, counts what there is, and tells the queue. */
  async #look(): Promise<void> {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    const began = performance.now();
    try {
      await this.recover();
      if (this.#census.count("waiting") > 0) this.#others?.waiting();
    } catch {
      // PostgreSQL is away; the next look finds what there is.
    }
    this.#looking = false;
    this.#lookedAt = performance.now();
    this.#pauseMs = Math.min(SHARE * (this.#lookedAt - began), PAUSE_MS);
    this.#soon(this.#census.stale ? LOOK_SOON_MS : LOOK_MS);
  }
}

function read(row: TakenRow): AsyncRequest {
  return {
    id: row.id,
    key: parseKeyText(row.key),
    qualifier: row.qualifier,
    event: row.event,
    attempts: row.attempts,
    cuts: row.cuts,
    hops: row.hops,
    acceptedAt: row.accepted_at,
    dueAt: row.due_at,
    memoryMb: row.memory_mb ?? undefined,
  };
}
