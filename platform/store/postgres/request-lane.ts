import { setImmediate as nextTurn } from "node:timers/promises";

import type { Postgres } from "../../cluster/connection.ts";
import type { NewAsyncRequest } from "../async-requests.ts";
import { StoreFullError, StoreUnavailableError } from "../errors.ts";
import type { TimerFire } from "../triggers.ts";
import {
  burial,
  exchange,
  fence,
  firing,
  insertion,
  putBack,
  release,
  taking,
  type RowEnd,
  type Statement,
  type Want,
  type Writer,
} from "./request-statements.ts";

/** The row of a request that runs here. */
interface RunningRow {
  readonly seq: number;
  /** Of its function (`keyText`). */
  readonly key: string;
}

interface AcceptedRow extends RunningRow {
  readonly id: string;
  /** Null: it waits. */
  readonly owner: string | null;
}

/** A request that was taken; without a number it says that the function has none. */
export interface TakenRow {
  readonly key: string;
  /** When the function's next request is due. */
  readonly next: number | null;
  readonly seq: number | null;
  readonly id: string;
  readonly qualifier: string;
  readonly attempts: number;
  readonly cuts: number;
  readonly hops: number;
  readonly accepted_at: number;
  readonly due_at: number;
  readonly memory_mb: number | null;
  readonly event: Buffer;
}

/** Times that timers fired for, and the term in which the process that says so leads. */
export interface Fires {
  readonly fires: readonly TimerFire[];
  readonly term: number | undefined;
}

/** PostgreSQL holds a statement's values in memory; a batch that has one of these takes no more. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_REQUESTS = 1000;
/** Batches that may wait: callers are not let in faster than PostgreSQL writes. */
const MOST_BATCHES = 16;
/** So often it is made sure that nothing is held here which does not run. */
const SURE_MS = 5000;

/** What is written with one commit. */
class Batch {
  readonly requests: NewAsyncRequest[] = [];
  readonly ends: RowEnd[] = [];
  readonly done = Promise.withResolvers<void>();
  readonly fired: Fires | undefined;
  #bytes = 0;

  constructor(fired?: Fires) {
    this.fired = fired;
  }

  add(requests: readonly NewAsyncRequest[]): void {
    for (const one of requests) {
      this.requests.push(one);
      this.#bytes += one.event.length;
    }
  }

  /** Timers fire in a commit of their own: one that leads no longer spoils nobody else's. */
  get open(): boolean {
    return this.fired === undefined && this.#bytes < MOST_BYTES && this.requests.length < MOST_REQUESTS;
  }
}

/** Functions of which requests are wanted, and who waits for them. */
class Taking {
  readonly wants: Want[] = [];
  readonly done = Promise.withResolvers<Map<string, TakenRow[]>>();
}

/**
 * Writes what the queue accepts, ends and takes, one commit after the other: what comes while one is under way shares the
 * next. A process has one lane, so that what it does stays in order, and it knows the rows of what it runs.
 */
export class RequestLane {
  readonly #postgres: Postgres;
  readonly #writer: Writer;
  /** Rows of what runs here, by request id. */
  readonly #running = new Map<string, RunningRow>();
  #batches: Batch[] = [];
  #taking: Taking | undefined;
  #busy = false;
  /** A commit was cut: PostgreSQL may hold rows as this process's own that it does not run. */
  #doubtful = false;
  /** When that was last known not to be so, performance.now(). */
  #sureAt = performance.now();

  constructor(postgres: Postgres, writer: Writer) {
    this.#postgres = postgres;
    this.#writer = writer;
  }

  /** The function (`keyText`) of a request that runs here; undefined when it does not. */
  functionOf(id: string): string | undefined {
    return this.#running.get(id)?.key;
  }

  /** Resolves when all are committed, with the fires of timers, if there are any. */
  async accept(requests: readonly NewAsyncRequest[], fired?: Fires): Promise<void> {
    if (this.#batches.length > MOST_BATCHES)
      throw new StoreUnavailableError(
        `PostgreSQL is behind by ${this.#batches.length} commits of up to ${MOST_REQUESTS} requests. Retry later.`,
      );
    const batch = this.#batch(fired);
    batch.add(requests);
    this.#begin();
    return batch.done.promise;
  }

  /** Ends what runs here, and accepts what follows from it. */
  end(ends: readonly RowEnd["outcome"][], following: readonly NewAsyncRequest[]): Promise<void> {
    const batch = this.#batch();
    for (const outcome of ends) {
      const row = this.#running.get(outcome.id);
      if (row !== undefined) batch.ends.push({ seq: row.seq, outcome });
    }
    batch.add(following);
    this.#begin();
    return batch.done.promise;
  }

  /** Takes due requests of one function; functions of one turn share a statement. */
  async take(want: Want): Promise<readonly TakenRow[]> {
    this.#taking ??= new Taking();
    const { wants, done } = this.#taking;
    wants.push(want);
    this.#begin();
    return (await done.promise).get(want.functionKey) ?? [];
  }

  /** Gives back what a cut commit may have left here; to be called again and again, since a slow server may do late what nobody waits for. */
  async settle(): Promise<void> {
    if (performance.now() - this.#sureAt > SURE_MS) this.#doubtful = true;
    // Where many wait, the next of them gives back first.
    if (this.#doubtful && this.#batches.length === 0) await this.accept([]);
  }

  #batch(fired?: Fires): Batch {
    const last = this.#batches.at(-1);
    if (last?.open === true && fired === undefined) return last;
    const batch = new Batch(fired);
    this.#batches.push(batch);
    return batch;
  }

  #begin(): void {
    if (this.#busy) return;
    this.#busy = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    for (;;) {
      // Those of the same turn of the event loop come along.
      await nextTurn();
      const batch = this.#batches.shift();
      const wanted = this.#taking;
      this.#taking = undefined;
      if (batch === undefined && wanted === undefined) break;
      const doubt = this.#doubtful ? await this.#release() : undefined;
      if (doubt !== undefined) {
        for (const one of [batch, wanted]) one?.done.reject(doubt);
        continue;
      }
      await Promise.all([
        batch && this.#try(() => this.#write(batch), batch.done),
        wanted && this.#try(() => this.#take(wanted.wants), wanted.done),
      ]);
    }
    this.#busy = false;
  }

  async #try<T>(work: () => Promise<T>, done: PromiseWithResolvers<T>): Promise<void> {
    try {
      done.resolve(await work());
    } catch (error) {
      if (!(error instanceof StoreFullError)) this.#doubtful = true;
      done.reject(error);
    }
  }

  /** Nothing else is under way. Answers what keeps it from it. */
  async #release(): Promise<unknown> {
    const seqs = Array.from(this.#running.values(), ({ seq }) => seq);
    try {
      await this.#query(release(seqs, this.#writer));
      this.#doubtful = false;
      this.#sureAt = performance.now();
      return undefined;
    } catch (error) {
      return error;
    }
  }

  async #write({ requests, ends, fired }: Batch): Promise<void> {
    const statements = this.#statementsOf(requests, ends);
    const last = statements.pop();
    if (last === undefined) return;
    const rows =
      statements.length === 0 && fired === undefined
        ? await this.#query<AcceptedRow>(last)
        : await this.#transact(statements, last, fired);
    for (const { seq, id, key, owner } of rows) if (owner !== null) this.#running.set(id, { seq, key });
    for (const { outcome } of ends) this.#running.delete(outcome.id);
  }

  /** The last one accepts. */
  #statementsOf(requests: readonly NewAsyncRequest[], ends: readonly RowEnd[]): Statement[] {
    if (ends.length === 0) return requests.length === 0 ? [] : [insertion(requests, this.#writer)];
    const [well, kept, again]: [number[], RowEnd[], RowEnd[]] = [[], [], []];
    for (const end of ends) {
      const { status, recorded } = end.outcome;
      if (status === "retry") again.push(end);
      else if (status === "success" && recorded !== true) well.push(end.seq);
      else kept.push(end);
    }
    const statements: Statement[] = [];
    if (kept.length > 0) statements.push(burial(kept, this.#writer));
    if (again.length > 0) statements.push(putBack(again, this.#writer));
    return [...statements, exchange(requests, well, this.#writer)];
  }

  #transact(statements: readonly Statement[], last: Statement, fired?: Fires): Promise<AcceptedRow[]> {
    return this.#postgres.transact(async (client) => {
      if (fired?.term !== undefined) {
        const { rowCount } = await client.query(fence(fired.term));
        if (rowCount === 0) throw new StoreUnavailableError("Another process leads now: its timers fire.");
      }
      if (fired !== undefined) await client.query(firing(fired.fires));
      for (const statement of statements) await client.query(statement);
      return (await client.query<AcceptedRow & Record<string, unknown>>(last)).rows;
    });
  }

  async #take(wants: readonly Want[]): Promise<Map<string, TakenRow[]>> {
    const rows = await this.#query<TakenRow>(taking(wants, this.#writer));
    for (const { seq, id, key } of rows) if (seq !== null) this.#running.set(id, { seq, key });
    return Map.groupBy(rows, (row) => row.key);
  }

  #query<Row>({ text, values, name }: Statement): Promise<(Row & Record<string, unknown>)[]> {
    return this.#postgres.query<Row & Record<string, unknown>>(text, values, name);
  }
}
