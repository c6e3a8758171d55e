import type { StatementSync } from "node:sqlite";

import {
  keyText,
  parseKeyText,
  type AsyncOutcome,
  type AsyncRequest,
  type AsyncRequestStore,
  type TimerFire,
} from "../store.ts";
import type { Database } from "./database.ts";

const STATUS = { waiting: 0, running: 1, success: 2, failed: 3 } as const;

/** Ended requests are kept as history without their events, this many of each kind. */
const HISTORY = 100_000;

interface RequestRow {
  readonly seq: number;
  readonly id: string;
  readonly function_key: string;
  readonly qualifier: string;
  readonly attempts: number;
  readonly accepted_at: number;
  readonly due_at: number;
  readonly event: Uint8Array;
}

/** The durable queue; a request leaves `running` by its outcome or by `recover` alone. */
export class SqliteAsyncRequests implements AsyncRequestStore {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #fire: StatementSync;
  readonly #due: StatementSync;
  readonly #take: StatementSync;
  readonly #takeOf: StatementSync;
  readonly #retry: StatementSync;
  readonly #end: StatementSync;
  readonly #prune: StatementSync;
  readonly #recover: StatementSync;
  readonly #count: StatementSync;
  readonly #nextDue: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(`INSERT INTO async_requests
      (id, function_key, qualifier, status, attempts, accepted_at, due_at, event) VALUES (?, ?, ?, 0, 0, ?, ?, ?)`);
    this.#fire = db.prepare(`INSERT INTO timer_fires (trigger_id, fired_at)
      SELECT id, :at FROM triggers WHERE id = :triggerId ON CONFLICT DO UPDATE SET fired_at = excluded.fired_at`);
    // Steps from one function to the next in the index, however many requests each has.
    this.#due = db.prepare(`WITH RECURSIVE f (key) AS (
        SELECT MIN(function_key) FROM async_requests INDEXED BY async_waiting_function WHERE status = 0
        UNION ALL
        SELECT (SELECT MIN(function_key) FROM async_requests INDEXED BY async_waiting_function WHERE status = 0 AND function_key > key) FROM f WHERE key IS NOT NULL
      ) SELECT key FROM f WHERE EXISTS
        (SELECT 1 FROM async_requests INDEXED BY async_waiting_function WHERE status = 0 AND function_key = key AND due_at <= ?)`);
    this.#take = db.prepare(takeWhere(""));
    this.#takeOf = db.prepare(takeWhere("function_key = ? AND"));
    this.#retry = db.prepare(
      "UPDATE async_requests SET status = 0, due_at = ?, attempts = attempts - ? WHERE id = ? AND status = 1",
    );
    this.#end =
      db.prepare(`UPDATE async_requests SET status = ?, finished_at = ?, error_code = ?, error_message = ?, event = x''
      WHERE id = ? AND status = 1`);
    this.#prune = db.prepare(`DELETE FROM async_requests WHERE status = :status AND seq <=
      (SELECT seq FROM async_requests WHERE status = :status ORDER BY seq DESC LIMIT 1) - ${HISTORY}`);
    this.#recover = db.prepare("UPDATE async_requests SET status = 0 WHERE status = 1");
    this.#count = db.prepare("SELECT COUNT(*) AS count FROM async_requests WHERE status = ?");
    this.#nextDue = db.prepare("SELECT MIN(due_at) AS due FROM async_requests WHERE status = 0");
  }

  accept(requests: readonly Omit<AsyncRequest, "attempts">[], fires: readonly TimerFire[] = []): void {
    this.#db.transact(() => {
      for (const { id, key, qualifier, acceptedAt, dueAt, event } of requests) {
        this.#insert.run(id, keyText(key), qualifier, acceptedAt, dueAt, event);
      }
      for (const fire of fires) this.#fire.run({ ...fire });
    });
  }

  due(now: number): string[] {
    return (this.#due.all(now) as { key: string }[]).map((row) => row.key);
  }

  take(now: number, count: number, functionKey?: string): AsyncRequest[] {
    const rows = this.#db.transact(
      () =>
        (functionKey === undefined
          ? this.#take.all(now, count)
          : this.#takeOf.all(functionKey, now, count)) as unknown as RequestRow[],
    );
    rows.sort((a, b) => a.due_at - b.due_at || a.seq - b.seq);
    return rows.map(read);
  }

  finish(outcomes: readonly AsyncOutcome[]): void {
    const now = Date.now();
    this.#db.transact(() => {
      for (const { id, status, dueAt, uncounted, errorCode, errorMessage } of outcomes) {
        if (status === "retry") this.#retry.run(dueAt ?? now, uncounted === true ? 1 : 0, id);
        else this.#end.run(STATUS[status], now, errorCode ?? null, errorMessage ?? null, id);
      }
      this.#prune.run({ status: STATUS.success });
      this.#prune.run({ status: STATUS.failed });
    });
  }

  recover(): number {
    return Number(this.#db.transact(() => this.#recover.run().changes));
  }

  count(status: keyof typeof STATUS): number {
    return (this.#count.get(STATUS[status]) as { count: number }).count;
  }

  nextDue(): number | undefined {
    return (this.#nextDue.get() as { due: number | null }).due ?? undefined;
  }
}

function takeWhere(condition: string): string {
  return `UPDATE async_requests SET status = 1, attempts = attempts + 1 WHERE seq IN
    (SELECT seq FROM async_requests WHERE status = 0 AND ${condition} due_at <= ? ORDER BY due_at, seq LIMIT ?)
    RETURNING seq, id, function_key, qualifier, attempts, accepted_at, due_at, event`;
}

function read(row: RequestRow): AsyncRequest {
  return {
    id: row.id,
    key: parseKeyText(row.function_key),
    qualifier: row.qualifier,
    event: Buffer.from(row.event.buffer, row.event.byteOffset, row.event.byteLength),
    attempts: row.attempts,
    acceptedAt: row.accepted_at,
    dueAt: row.due_at,
  };
}
