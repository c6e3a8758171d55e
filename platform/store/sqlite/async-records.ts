import type { StatementSync } from "node:sqlite";

import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "../async-records.ts";
import { readRecord, type RecordRow, STATUS } from "../async-rows.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import type { Database } from "./database.ts";

const NOT_ENDED =
  "seq, id, qualifier, status, accepted_at, NULL AS finished_at, NULL AS error_code, NULL AS error_message";
const ENDED = "seq, id, qualifier, status, accepted_at, finished_at, error_code, error_message";
const WHERE = `function_key = :key AND accepted_at BETWEEN :from AND :to
  AND (:qualifier IS NULL OR qualifier = :qualifier) AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))`;

/** One part of what is known of requests, by the statuses that are found there. */
const PARTS: readonly { readonly statuses: readonly AsyncStatus[]; readonly select: string }[] = [
  {
    statuses: ["waiting"],
    select: `SELECT ${NOT_ENDED} FROM async_queue INDEXED BY async_turn WHERE status = 0 AND ${WHERE}`,
  },
  {
    statuses: ["running"],
    select: `SELECT ${NOT_ENDED} FROM async_queue WHERE seq IN (SELECT value FROM json_each(:running)) AND ${WHERE}`,
  },
  {
    statuses: ["success", "failed", "discarded"],
    select: `SELECT ${ENDED} FROM async_history INDEXED BY async_history_function WHERE ${WHERE}`,
  },
  {
    statuses: ["failed", "discarded"],
    select: `SELECT ${ENDED} FROM async_dead INDEXED BY async_dead_function WHERE ${WHERE}`,
  },
];

/** Finds records of requests where they are: in the queue, among the dead, in the history. */
export class AsyncRecords {
  readonly #db: Database;
  /** Statements by the parts that they look into. */
  readonly #listers = new Map<string, { readonly list: StatementSync; readonly count: StatementSync }>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** @param running rows of what runs now */
  page(key: FunctionKey, query: AsyncRecordQuery, running: readonly number[]): AsyncRecordPage {
    const { qualifier = null, ids, statuses, from, to, offset, limit } = query;
    const parts = PARTS.filter((part) => part.statuses.some((status) => statuses.includes(status)));
    if (parts.length === 0) return { records: [], count: 0 };
    const where = {
      key: keyText(key),
      qualifier,
      ids: ids === undefined ? null : JSON.stringify(ids),
      statuses: JSON.stringify(statuses.map((status) => STATUS[status])),
      from,
      to,
      ...(parts.some((part) => part.statuses.includes("running")) && { running: JSON.stringify(running) }),
    };
    const { list, count } = this.#lister(parts.map((part) => part.select).join(" UNION ALL "));
    const rows = list.all({ ...where, limit, offset }) as unknown as RecordRow[];
    return { records: rows.map(readRecord), count: (count.get(where) as { count: number }).count };
  }

  #lister(select: string): { readonly list: StatementSync; readonly count: StatementSync } {
    let found = this.#listers.get(select);
    if (found === undefined) {
      const from = `FROM (${select}) WHERE status IN (SELECT value FROM json_each(:statuses))`;
      found = {
        list: this.#db.prepare(
          `SELECT * ${from} ORDER BY accepted_at DESC, seq DESC LIMIT :limit OFFSET :offset`,
        ),
        count: this.#db.prepare(`SELECT COUNT(*) AS count ${from}`),
      };
      this.#listers.set(select, found);
    }
    return found;
  }
}
