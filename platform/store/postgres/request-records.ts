import type { Postgres } from "../../cluster/connection.ts";
import type { AsyncRecordPage, AsyncRecordQuery, AsyncStatus } from "../async-records.ts";
import { readRecord, type RecordRow, STATUS } from "../async-rows.ts";
import { keyText, type FunctionKey } from "../function-key.ts";
import { textOf } from "./request-statements.ts";

const WHERE = `function_key = $1 AND accepted_at BETWEEN $2 AND $3
  AND ($4::text IS NULL OR qualifier = $4) AND ($5::text[] IS NULL OR id = ANY ($5))`;
/** Where requests are found, by the statuses that they have there. */
const PARTS: readonly { readonly statuses: readonly AsyncStatus[]; readonly select: string }[] = [
  {
    statuses: ["waiting"],
    select: `SELECT seq, id, qualifier, ${STATUS.waiting}, accepted_at, NULL::bigint, NULL::integer, NULL
      FROM requests WHERE owner IS NULL AND ${WHERE}`,
  },
  {
    statuses: ["running"],
    select: `SELECT seq, id, qualifier, ${STATUS.running}, accepted_at, NULL::bigint, NULL::integer, NULL
      FROM requests WHERE owner IS NOT NULL AND ${WHERE}`,
  },
  {
    statuses: ["success"],
    select: `SELECT seq, id, qualifier, ${STATUS.success}, accepted_at, finished_at, error_code, NULL
      FROM ended_requests WHERE ${WHERE}`,
  },
  {
    statuses: ["failed", "discarded"],
    select: `SELECT seq, id, qualifier, status, accepted_at, finished_at, error_code, error_message
      FROM dead_requests WHERE ${WHERE}`,
  },
];
/** Of times that are later than any. */
const LATEST = Number.MAX_SAFE_INTEGER;

/** What is known of a function's requests, newest first, wherever they are. */
export async function findRecords(
  postgres: Postgres,
  key: FunctionKey,
  query: AsyncRecordQuery,
): Promise<AsyncRecordPage> {
  const { statuses, ids, offset, limit } = query;
  const parts = PARTS.filter((part) => part.statuses.some((status) => statuses.includes(status)));
  if (parts.length === 0) return { records: [], count: 0 };
  const from = `FROM (${parts.map((part) => part.select).join(" UNION ALL ")}) AS found (seq, id, qualifier, status,
    accepted_at, finished_at, error_code, error_message) WHERE status = ANY ($6::integer[])`;
  const values = [
    keyText(key),
    Math.floor(query.from),
    Math.min(Math.ceil(query.to), LATEST),
    textOf(query.qualifier),
    ids === undefined ? null : ids.map(textOf),
    statuses.map((status) => STATUS[status]),
  ];
  const [rows, counted] = await Promise.all([
    postgres.query<RecordRow & Record<string, unknown>>(
      `SELECT * ${from} ORDER BY accepted_at DESC, seq DESC LIMIT $7 OFFSET $8`,
      [...values, limit, offset],
    ),
    postgres.query<{ count: number }>(`SELECT count(*) AS count ${from}`, values),
  ]);
  return { records: rows.map(readRecord), count: counted[0]?.count ?? 0 };
}
