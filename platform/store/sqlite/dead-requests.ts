import type { StatementSync } from "node:sqlite";

import { FAILURES } from "../../../model/failure.ts";
import type { DeadQuery, DeadRequest, DeadRequestStore } from "../dead-requests.ts";
import { type DeadRow, keyRange, readDead, STATUS } from "../async-rows.ts";
import type { Database } from "./database.ts";

const WHERE = "function_key >= :first AND function_key < :last AND (:id IS NULL OR id = :id)";

/** What the queue lends to those that come back: fresh numbers, and its count of who waits. */
interface QueueOfLiving {
  nextSeq(): number;
  wait(functionKey: string, count: number): void;
}

/** Dead requests, one row each. */
export class SqliteDeadRequests implements DeadRequestStore {
  readonly #db: Database;
  readonly #queue: QueueOfLiving;
  readonly #list: StatementSync;
  readonly #count: StatementSync;
  readonly #pick: StatementSync;
  readonly #revive: StatementSync;
  readonly #remove: StatementSync;
  readonly #purge: StatementSync;

  constructor(db: Database, queue: QueueOfLiving) {
    this.#db = db;
    this.#queue = queue;
    this.#list =
      db.prepare(`SELECT id, function_key, qualifier, status, attempts, accepted_at, finished_at, error_code,
      error_message, LENGTH(event) AS size FROM async_dead WHERE ${WHERE}
      ORDER BY accepted_at DESC, seq DESC LIMIT :limit OFFSET :offset`);
    this.#count = db.prepare(`SELECT COUNT(*) AS count FROM async_dead WHERE ${WHERE}`);
    this.#pick = db.prepare(`SELECT seq, function_key AS key FROM async_dead
      WHERE ${WHERE} AND (:id IS NOT NULL OR error_code IS NOT ${FAILURES.cancelled.code})
      AND finished_at <= :before
      ORDER BY function_key, accepted_at, seq LIMIT :limit`);
    this.#revive = db.prepare(`INSERT INTO async_queue
      (seq, id, function_key, qualifier, status, attempts, hops, accepted_at, due_at, memory_mb, event)
      SELECT ?1, id, function_key, qualifier, ${STATUS.waiting}, 0, 0, ?2, ?2, memory_mb, event FROM async_dead WHERE seq = ?3`);
    this.#remove = db.prepare("DELETE FROM async_dead WHERE seq = ?");
    this.#purge = db.prepare(`DELETE FROM async_dead WHERE ${WHERE}`);
  }

  list(
    query: DeadQuery,
    page: { readonly offset: number; readonly limit: number },
  ): { requests: DeadRequest[]; count: number } {
    const where = whereOf(query);
    const rows = this.#list.all({ ...where, ...page }) as unknown as DeadRow[];
    return { requests: rows.map(readDead), count: (this.#count.get(where) as { count: number }).count };
  }

  redrive(query: DeadQuery, before: number, limit: number): { functionKeys: string[]; count: number } {
    const rows = this.#pick.all({ ...whereOf(query), before, limit }) as { seq: number; key: string }[];
    if (rows.length === 0) return { functionKeys: [], count: 0 };
    const now = Date.now();
    this.#db.write(() => {
      for (const { seq } of rows) {
        this.#revive.run(this.#queue.nextSeq(), now, seq);
        this.#remove.run(seq);
      }
    });
    for (const { key } of rows) this.#queue.wait(key, 1);
    return { functionKeys: [...new Set(rows.map(({ key }) => key))], count: rows.length };
  }

  purge(query: DeadQuery): number {
    return Number(this.#db.write(() => this.#purge.run(whereOf(query)).changes));
  }
}

function whereOf(query: DeadQuery): { first: string; last: string; id: string | null } {
  return { ...keyRange(query), id: query.id ?? null };
}
