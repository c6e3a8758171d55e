import type { StatementSync } from "node:sqlite";

import type { AsyncRecord, AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "../async-records.ts";
import type { AsyncOutcome, AsyncRequest, AsyncRequestStore } from "../async-requests.ts";
import type { TimerFire } from "../triggers.ts";
import { keyText, parseKeyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";

const STATUS = { waiting: 0, running: 1, success: 2, failed: 3, discarded: 4 } as const;
const STATUSES = Object.keys(STATUS) as AsyncStatus[];

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
  readonly memory_mb: number | null;
}

interface RecordRow {
  readonly id: string;
  readonly qualifier: string;
  readonly status: number;
  readonly accepted_at: number;
  readonly finished_at: number | null;
  readonly error_code: number | null;
  readonly error_message: string | null;
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
  readonly #discard: StatementSync;
  readonly #records: Lister;
  readonly #active: Lister;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(`INSERT INTO async_requests
      (id, function_key, qualifier, status, attempts, accepted_at, due_at, event, memory_mb) VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?)`);
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
    this.#discard =
      db.prepare(`UPDATE async_requests SET status = ${STATUS.discarded}, finished_at = ?, error_code = ?,
      error_message = ?, event = x'' WHERE id = ? AND function_key = ? AND status = 0`);
    this.#records = lister(db, "async_function");
    this.#active = lister(db, "async_status");
  }

  accept(requests: readonly Omit<AsyncRequest, "attempts">[], fires: readonly TimerFire[] = []): void {
    this.#db.transact(() => {
      this.#insertAll(requests);
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

  finish(outcomes: readonly AsyncOutcome[], following: readonly Omit<AsyncRequest, "attempts">[] = []): void {
    const now = Date.now();
    this.#db.transact(() => {
      for (const { id, status, dueAt, uncounted, errorCode, errorMessage } of outcomes) {
        if (status === "retry") this.#retry.run(dueAt ?? now, uncounted === true ? 1 : 0, id);
        else this.#end.run(STATUS[status], now, errorCode ?? null, errorMessage ?? null, id);
      }
      this.#prune.run({ status: STATUS.success });
      this.#prune.run({ status: STATUS.failed });
      this.#prune.run({ status: STATUS.discarded });
      this.#insertAll(following);
    });
  }

  discard(key: FunctionKey, id: string, errorCode: number, errorMessage: string): boolean {
    const values = [Date.now(), errorCode, errorMessage, id, keyText(key)];
    return this.#db.transact(() => this.#discard.run(...values).changes) > 0;
  }

  records(key: FunctionKey, query: AsyncRecordQuery): AsyncRecordPage {
    const { qualifier = null, ids, statuses, from, to, offset, limit } = query;
    const codes = statuses.map((status) => STATUS[status]);
    const where = {
      key: keyText(key),
      qualifier,
      ids: ids === undefined ? null : JSON.stringify(ids),
      statuses: JSON.stringify(codes),
      from,
      to,
    };
    // Few requests are active, however long the history is.
    const { list, count } = codes.every((code) => code < STATUS.success) ? this.#active : this.#records;
    const rows = list.all({ ...where, limit, offset }) as unknown as RecordRow[];
    return { records: rows.map(readRecord), count: (count.get(where) as { count: number }).count };
  }

  recover(): number {
    return Number(this.#db.transact(() => this.#recover.run().changes));
  }

  count(status: AsyncStatus): number {
    return (this.#count.get(STATUS[status]) as { count: number }).count;
  }

  nextDue(): number | undefined {
    return (this.#nextDue.get() as { due: number | null }).due ?? undefined;
  }

  #insertAll(requests: readonly Omit<AsyncRequest, "attempts">[]): void {
    for (const { id, key, qualifier, acceptedAt, dueAt, event, memoryMb = null } of requests)
      this.#insert.run(id, keyText(key), qualifier, acceptedAt, dueAt, event, memoryMb);
  }
}

/** Finds records along one index. */
interface Lister {
  readonly list: StatementSync;
  readonly count: StatementSync;
}

function lister(db: Database, index: string): Lister {
  const where = `FROM async_requests INDEXED BY ${index} WHERE function_key = :key AND accepted_at BETWEEN :from AND :to
    AND status IN (SELECT value FROM json_each(:statuses)) AND (:qualifier IS NULL OR qualifier = :qualifier)
    AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))`;
  return {
    list: db.prepare(`SELECT id, qualifier, status, accepted_at, finished_at, error_code, error_message ${where}
      ORDER BY accepted_at DESC, seq DESC LIMIT :limit OFFSET :offset`),
    count: db.prepare(`SELECT COUNT(*) AS count ${where}`),
  };
}

function readRecord(row: RecordRow): AsyncRecord {
  return {
    id: row.id,
    qualifier: row.qualifier,
    status: STATUSES[row.status] ?? "failed",
    acceptedAt: row.accepted_at,
    finishedAt: row.finished_at ?? undefined,
    errorCode: row.error_code ?? undefined,
    errorMessage: row.error_message ?? undefined,
  };
}

function takeWhere(condition: string): string {
  return `UPDATE async_requests SET status = 1, attempts = attempts + 1 WHERE seq IN
    (SELECT seq FROM async_requests WHERE status = 0 AND ${condition} due_at <= ? ORDER BY due_at, seq LIMIT ?)
    RETURNING seq, id, function_key, qualifier, attempts, accepted_at, due_at, event, memory_mb`;
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
    memoryMb: row.memory_mb ?? undefined,
  };
}
