import type { StatementSync } from "node:sqlite";

import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "../async-records.ts";
import type { AsyncOutcome, AsyncRequest, AsyncRequestStore, NewAsyncRequest } from "../async-requests.ts";
import { CUT_RUNS, SPREAD_MS } from "../cut-runs.ts";
import type { TimerFire } from "../triggers.ts";
import { keyText, parseKeyText, type FunctionKey } from "../function-key.ts";
import { AsyncHistory } from "./async-history.ts";
import { AsyncRecords } from "./async-records.ts";
import type { Database } from "./database.ts";
import { SqliteDeadRequests } from "./dead-requests.ts";

const WAITING = 0;
const RUNNING = 1;

interface RequestRow {
  readonly seq: number;
  readonly id: string;
  readonly function_key: string;
  readonly qualifier: string;
  readonly attempts: number;
  readonly cuts: number;
  readonly hops: number;
  readonly accepted_at: number;
  readonly due_at: number;
  readonly event: Uint8Array;
  readonly memory_mb: number | null;
}

const COLUMNS =
  "seq, id, function_key, qualifier, attempts, cuts, hops, accepted_at, due_at, event, memory_mb";

/**
 * The durable queue; a request leaves `running` by its outcome or by `recover` alone. The rows of what runs are known, and
 * how many wait is counted along, so that neither is looked for.
 */
export class SqliteAsyncRequests implements AsyncRequestStore {
  readonly dead: SqliteDeadRequests;
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #fire: StatementSync;
  readonly #fires: StatementSync;
  readonly #due: StatementSync;
  readonly #start: StatementSync;
  readonly #retry: StatementSync;
  readonly #remove: StatementSync;
  readonly #recover: StatementSync;
  readonly #nextDue: StatementSync;
  readonly #find: StatementSync;
  readonly #history: AsyncHistory;
  readonly #records: AsyncRecords;
  /** Rows of what runs, by request id. */
  readonly #running = new Map<string, number>();
  /** Requests that wait, by function; functions without one are not in it. */
  readonly #waiting = new Map<string, number>();
  #waitingCount = 0;
  #lastSeq: number;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO async_queue (seq, id, function_key, qualifier, status, attempts, hops, accepted_at, due_at, memory_mb, event)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#fire = db.prepare(`INSERT INTO timer_fires (trigger_id, fired_at)
      SELECT id, :at FROM triggers WHERE id = :triggerId ON CONFLICT DO UPDATE SET fired_at = excluded.fired_at`);
    this.#fires = db.prepare("SELECT trigger_id AS id, fired_at AS at FROM timer_fires");
    this.#due = db.prepare(`SELECT ${COLUMNS} FROM async_queue INDEXED BY async_turn
      WHERE status = 0 AND function_key = ? AND due_at <= ? ORDER BY due_at, seq LIMIT ?`);
    this.#start = db.prepare("UPDATE async_queue SET status = 1, attempts = attempts + 1 WHERE seq = ?");
    this.#retry = db.prepare(
      "UPDATE async_queue SET status = 0, due_at = ?, attempts = attempts - ? WHERE seq = ? RETURNING function_key",
    );
    this.#remove = db.prepare("DELETE FROM async_queue WHERE seq = ?");
    this.#recover = db.prepare(`UPDATE async_queue INDEXED BY async_running SET status = 0, cuts = cuts + 1,
      due_at = CASE WHEN cuts = 0 THEN due_at WHEN cuts + 1 >= ${CUT_RUNS} THEN :now
        ELSE :now + (random() & 0x7fffffff) % (${SPREAD_MS / 2} << cuts) END
      WHERE status = 1`);
    this.#nextDue = db.prepare(
      "SELECT MIN(due_at) AS due FROM async_queue INDEXED BY async_turn WHERE status = 0 AND function_key = ?",
    );
    this.#find = db.prepare(
      "SELECT seq FROM async_queue INDEXED BY async_turn WHERE status = 0 AND function_key = ? AND id = ?",
    );
    this.#history = new AsyncHistory(db);
    this.#records = new AsyncRecords(db);
    this.dead = new SqliteDeadRequests(db, {
      nextSeq: () => ++this.#lastSeq,
      wait: (key, count) => this.#wait(key, count),
    });
    this.#lastSeq = this.#history.lastSeq();
    this.#countWaiting();
    const running = db
      .prepare("SELECT id, seq FROM async_queue INDEXED BY async_running WHERE status = 1")
      .all();
    for (const { id, seq } of running as { id: string; seq: number }[]) this.#running.set(id, seq);
    // With a function its requests go.
    db.onChange((key) => {
      if (this.nextDue(key) === undefined) this.#wait(key, -this.waitingOf(key));
    });
  }

  accept(requests: readonly NewAsyncRequest[], fires: readonly TimerFire[] = []): undefined {
    const first = this.#lastSeq + 1;
    this.#db.write(() => {
      this.#insertAll(requests);
      for (const fire of fires) this.#fire.run({ ...fire });
    });
    this.#accepted(requests, first);
  }

  lastFires(): Map<string, number> {
    const rows = this.#fires.all() as { id: string; at: number }[];
    return new Map(rows.map((row) => [row.id, row.at]));
  }

  backlog(): { functionKey: string; due: number }[] {
    return [...this.#waiting.keys()].flatMap((functionKey) => {
      const due = this.nextDue(functionKey);
      return due === undefined ? [] : { functionKey, due };
    });
  }

  take(functionKey: string, now: number, count: number): AsyncRequest[] {
    if (!this.#waiting.has(functionKey)) return [];
    const rows = this.#due.all(functionKey, now, count) as unknown as RequestRow[];
    if (rows.length === 0) return [];
    this.#db.write(() => {
      for (const row of rows) this.#start.run(row.seq);
    });
    for (const row of rows) {
      this.#wait(row.function_key, -1);
      this.#running.set(row.id, row.seq);
    }
    return rows.map(read);
  }

  finish(outcomes: readonly AsyncOutcome[], following: readonly NewAsyncRequest[] = []): void {
    const now = Date.now();
    const first = this.#lastSeq + 1;
    const known = outcomes.filter(({ id }) => this.#running.has(id));
    const back: string[] = [];
    this.#db.write(() => {
      this.#history.begin();
      for (const outcome of known) this.#end(outcome, now, back);
      this.#history.tally();
      this.#insertAll(following);
    });
    this.#history.tallied();
    for (const { id } of known) this.#running.delete(id);
    for (const key of back) this.#wait(key, 1);
    this.#accepted(following, first);
    this.#history.prune();
  }

  discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): boolean {
    const text = keyText(key);
    const seq = (this.#find.get(text, id) as { seq: number } | undefined)?.seq;
    if (seq === undefined) return false;
    this.#db.write(() => {
      this.#history.begin();
      this.#history.bury(seq, { id, status: "discarded", errorCode, errorMessage }, Date.now());
      this.#remove.run(seq);
      this.#history.tally();
    });
    this.#history.tallied();
    this.#wait(text, -1);
    return true;
  }

  /** One process works on the folder. */
  cancelElsewhere(): undefined {}

  follow(): void {}

  records(key: FunctionKey, query: AsyncRecordQuery): AsyncRecordPage {
    return this.#records.page(key, query, [...this.#running.values()]);
  }

  recover(): number {
    const count = Number(this.#db.write(() => this.#recover.run({ now: Date.now() }).changes));
    this.#running.clear();
    this.#countWaiting();
    return count;
  }

  count(status: AsyncStatus): number {
    if (status === "waiting") return this.#waitingCount;
    return status === "running" ? this.#running.size : this.#history.count(status);
  }

  waitingOf(functionKey: string): number {
    return this.#waiting.get(functionKey) ?? 0;
  }

  nextDue(functionKey: string): number | undefined {
    if (!this.#waiting.has(functionKey)) return undefined;
    return (this.#nextDue.get(functionKey) as { due: number | null }).due ?? undefined;
  }

  #end(outcome: AsyncOutcome, now: number, back: string[]): void {
    const seq = this.#running.get(outcome.id) ?? 0;
    if (outcome.status === "retry") {
      const { dueAt = now, uncounted } = outcome;
      const row = this.#retry.get(dueAt, uncounted === true ? 1 : 0, seq) as { function_key: string };
      back.push(row.function_key);
      return;
    }
    if (outcome.status !== "success") this.#history.bury(seq, outcome, now);
    else this.#history.succeed(seq, outcome, now);
    this.#remove.run(seq);
  }

  #insertAll(requests: readonly NewAsyncRequest[]): void {
    let seq = this.#lastSeq;
    for (const {
      id,
      key,
      qualifier,
      acceptedAt,
      dueAt,
      event,
      memoryMb = null,
      hops = 0,
      started,
    } of requests) {
      const begun = started === true ? 1 : 0;
      const status = started === true ? RUNNING : WAITING;
      const text = keyText(key);
      this.#insert.run(++seq, id, text, qualifier, status, begun, hops, acceptedAt, dueAt, memoryMb, event);
    }
  }

  /** Counts what was inserted, once that is committed. */
  #accepted(requests: readonly NewAsyncRequest[], first: number): void {
    let seq = first;
    for (const { id, key, started } of requests) {
      if (started === true) this.#running.set(id, seq);
      else this.#wait(keyText(key), 1);
      seq++;
    }
    this.#lastSeq = seq - 1;
  }

  #wait(functionKey: string, more: number): void {
    this.#waitingCount += more;
    const left = (this.#waiting.get(functionKey) ?? 0) + more;
    if (left > 0) this.#waiting.set(functionKey, left);
    else this.#waiting.delete(functionKey);
  }

  #countWaiting(): void {
    const counted = this.#db
      .prepare(
        "SELECT function_key AS key, COUNT(*) AS count FROM async_queue WHERE status = 0 GROUP BY function_key",
      )
      .all() as { key: string; count: number }[];
    this.#waiting.clear();
    this.#waitingCount = 0;
    for (const { key, count } of counted) this.#wait(key, count);
  }
}

function read(row: RequestRow): AsyncRequest {
  return {
    id: row.id,
    key: parseKeyText(row.function_key),
    qualifier: row.qualifier,
    event: Buffer.from(row.event.buffer, row.event.byteOffset, row.event.byteLength),
    attempts: row.attempts + 1,
    cuts: row.cuts,
    hops: row.hops,
    acceptedAt: row.accepted_at,
    dueAt: row.due_at,
    memoryMb: row.memory_mb ?? undefined,
  };
}
