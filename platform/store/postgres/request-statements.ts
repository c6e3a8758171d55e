import { STATUS } from "../async-rows.ts";
import type { AsyncOutcome, NewAsyncRequest } from "../async-requests.ts";
import { keyText } from "../function-key.ts";
import { CUT_RUNS, SPREAD_MS } from "../cut-runs.ts";
import type { TimerFire } from "../triggers.ts";

/** A statement that PostgreSQL keeps parsed under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Who writes. */
export interface Writer {
  /** The member's id. */
  readonly owner: string;
  /** Which row of the tally it counts in: members that share one would wait for each other. */
  readonly shard: number;
}

const INSERT = `INSERT INTO requests
    (id, function_key, qualifier, owner, attempts, hops, accepted_at, due_at, memory_mb, event)
  SELECT id, key, qualifier, CASE WHEN started THEN $1::uuid END, started::integer, hops, accepted_at, due_at, memory_mb,
    substring($2::bytea FROM start FOR size)
  FROM unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::integer[], $8::bigint[], $9::bigint[], $10::integer[],
    $11::integer[], $12::integer[]) AS r (id, key, qualifier, started, hops, accepted_at, due_at, memory_mb, start, size)
  RETURNING seq, id, function_key AS key, owner`;
/** In words that no index is for: rows are found by their numbers, not among all that one member ever had. */
const OWN = "owner IS NOT DISTINCT FROM $1::uuid";
const TALLY = "ON CONFLICT (status, shard) DO UPDATE SET count = t.count + excluded.count";

/** Accepts requests; answers `seq`, `id`, `key` and `owner` of each. */
export function insertion(requests: readonly NewAsyncRequest[], { owner }: Writer): Statement {
  return { name: "fungraph_accept", text: INSERT, values: columnsOf(requests, owner) };
}

/** Accepts requests, and ends others well, in one statement. */
export function exchange(
  requests: readonly NewAsyncRequest[],
  ended: readonly number[],
  { owner, shard }: Writer,
): Statement {
  return {
    name: "fungraph_exchange",
    text: `WITH gone AS (DELETE FROM requests WHERE seq = ANY ($13::bigint[]) AND ${OWN} RETURNING 1),
    tallied AS (INSERT INTO request_tally AS t (status, shard, count)
      SELECT ${STATUS.success}, $14::smallint, count(*) FROM gone HAVING count(*) > 0 ${TALLY})
    ${INSERT}`,
    values: [...columnsOf(requests, owner), ended, shard],
  };
}

/** An event goes over once, as it is: all of them in one piece, with the places where they begin. */
function columnsOf(requests: readonly NewAsyncRequest[], owner: string): unknown[] {
  let next = 1;
  const starts = requests.map(({ event }) => {
    const start = next;
    next += event.length;
    return start;
  });
  return [
    owner,
    requests.length === 1 ? requests[0]?.event : Buffer.concat(requests.map(({ event }) => event)),
    requests.map(({ id }) => id),
    requests.map(({ key }) => keyText(key)),
    requests.map(({ qualifier }) => qualifier),
    requests.map(({ started }) => started === true),
    requests.map(({ hops = 0 }) => hops),
    requests.map(({ acceptedAt }) => acceptedAt),
    requests.map(({ dueAt }) => dueAt),
    requests.map(({ memoryMb = null }) => memoryMb),
    starts,
    requests.map(({ event }) => event.length),
  ];
}

/** An end, and the row it belongs to. */
export interface RowEnd {
  readonly seq: number;
  readonly outcome: AsyncOutcome;
}

/** Ends that leave a record, or a dead request. */
export function burial(ends: readonly RowEnd[], { owner, shard }: Writer): Statement {
  return {
    name: "fungraph_bury",
    text: `WITH ends AS (SELECT * FROM unnest($2::bigint[], $3::smallint[], $4::integer[], $5::text[]) AS e (seq, status, code, message)),
    gone AS (DELETE FROM requests r USING ends e WHERE r.seq = e.seq AND ${OWN}
      RETURNING r.*, e.status, e.code, e.message),
    noted AS (INSERT INTO ended_requests (seq, id, function_key, qualifier, accepted_at, finished_at, error_code)
      SELECT seq, id, function_key, qualifier, accepted_at, $6::bigint, 0 FROM gone WHERE status = ${STATUS.success}),
    buried AS (INSERT INTO dead_requests
        (seq, id, function_key, qualifier, status, attempts, accepted_at, finished_at, error_code, error_message, memory_mb, event)
      SELECT seq, id, function_key, qualifier, status, attempts, accepted_at, $6::bigint, code, message, memory_mb, event
      FROM gone WHERE status <> ${STATUS.success})
    INSERT INTO request_tally AS t (status, shard, count)
      SELECT status, $7::smallint, count(*) FROM gone GROUP BY status ${TALLY}`,
    values: [
      owner,
      ends.map(({ seq }) => seq),
      ends.map(({ outcome }) => STATUS[outcome.status === "retry" ? "failed" : outcome.status]),
      ends.map(({ outcome }) => outcome.errorCode ?? null),
      ends.map(({ outcome }) => textOf(outcome.errorMessage)),
      Date.now(),
      shard,
    ],
  };
}

/** Puts requests back that are to be tried again. */
export function putBack(ends: readonly RowEnd[], { owner }: Writer): Statement {
  const now = Date.now();
  return {
    name: "fungraph_retry",
    text: `UPDATE requests r SET owner = NULL, due_at = e.due_at, attempts = r.attempts - e.uncounted
    FROM unnest($2::bigint[], $3::bigint[], $4::integer[]) AS e (seq, due_at, uncounted)
    WHERE r.seq = e.seq AND ${OWN}`,
    values: [
      owner,
      ends.map(({ seq }) => seq),
      ends.map(({ outcome }) => outcome.dueAt ?? now),
      ends.map(({ outcome }) => Number(outcome.uncounted === true)),
    ],
  };
}

/** Keeps the times that timers fired for. */
export function firing(fires: readonly TimerFire[]): Statement {
  return {
    name: "fungraph_fire",
    text: `INSERT INTO timer_fires (trigger_id, fired_at) SELECT * FROM unnest($1::text[], $2::bigint[])
    ON CONFLICT (trigger_id) DO UPDATE SET fired_at = excluded.fired_at`,
    values: [fires.map(({ triggerId }) => triggerId), fires.map(({ at }) => at)],
  };
}

/** How many requests of which function are wanted. */
export interface Want {
  readonly functionKey: string;
  /** Those that are due at this time, epoch ms. */
  readonly now: number;
  readonly count: number;
}

/**
 * Takes due requests of several functions, past those that another process is taking. Answers a row for each, and one of a
 * function that has none; `next` is when the function's next one is due.
 */
export function taking(wants: readonly Want[], { owner }: Writer): Statement {
  return {
    name: "fungraph_take",
    text: `WITH wants AS (SELECT * FROM unnest($2::text[], $3::integer[], $4::bigint[]) AS w (key, most, now)),
    picked AS (SELECT p.seq FROM wants w CROSS JOIN LATERAL (
      SELECT r.seq FROM requests r WHERE r.owner IS NULL AND r.function_key = w.key AND r.due_at <= w.now
      ORDER BY r.due_at, r.seq LIMIT w.most FOR UPDATE SKIP LOCKED) p),
    taken AS (UPDATE requests r SET owner = $1::uuid, attempts = r.attempts + 1
      WHERE r.seq = ANY (ARRAY(SELECT seq FROM picked)) RETURNING r.*)
    SELECT w.key, n.due_at AS next, t.seq, t.id, t.qualifier, t.attempts, t.cuts, t.hops, t.accepted_at, t.due_at, t.memory_mb, t.event
    FROM wants w LEFT JOIN LATERAL (
      SELECT r.due_at FROM requests r WHERE r.owner IS NULL AND r.function_key = w.key
        AND r.seq <> ALL (ARRAY(SELECT seq FROM picked))
      ORDER BY r.due_at, r.seq LIMIT 1) n ON true
    LEFT JOIN taken t ON t.function_key = w.key ORDER BY t.due_at, t.seq`,
    values: [
      owner,
      wants.map(({ functionKey }) => functionKey),
      wants.map(({ count }) => count),
      wants.map(({ now }) => now),
    ],
  };
}

/** A request that waits and is to end so. */
export interface Discard {
  readonly functionKey: string;
  readonly id: string;
  readonly errorCode: number;
  readonly errorMessage: string;
}

/** Moves a request that waits to the dead; answers a row when there was one. */
export function discarding({ functionKey, id, errorCode, errorMessage }: Discard, shard: number): Statement {
  return {
    name: "fungraph_discard",
    text: `WITH picked AS (SELECT seq FROM requests WHERE owner IS NULL AND function_key = $1 AND id = $2 LIMIT 1 FOR UPDATE),
    gone AS (DELETE FROM requests WHERE seq IN (SELECT seq FROM picked) RETURNING *),
    tallied AS (INSERT INTO request_tally AS t (status, shard, count)
      SELECT ${STATUS.discarded}, $6::smallint, count(*) FROM gone HAVING count(*) > 0 ${TALLY})
    INSERT INTO dead_requests
      (seq, id, function_key, qualifier, status, attempts, accepted_at, finished_at, error_code, error_message, memory_mb, event)
    SELECT seq, id, function_key, qualifier, ${STATUS.discarded}, attempts, accepted_at, $5::bigint, $3::integer, $4, memory_mb, event
    FROM gone RETURNING 1`,
    values: [functionKey, textOf(id), errorCode, textOf(errorMessage), Date.now(), shard],
  };
}

/** Whose a request is: `owner` of the one row is null for one that waits. */
export function finding(functionKey: string, id: string): Statement {
  const where = "function_key = $1 AND id = $2";
  return {
    name: "fungraph_find",
    text: `SELECT owner FROM requests WHERE owner IS NOT NULL AND ${where}
    UNION ALL SELECT NULL FROM requests WHERE owner IS NULL AND ${where} LIMIT 1`,
    values: [functionKey, textOf(id)],
  };
}

/** Locks the term of whoever leads; no row when it is another. A new leader waits for who holds it. */
export function fence(term: number): Statement {
  return {
    name: "fungraph_fence",
    text: "SELECT 1 FROM leadership WHERE term = $1::bigint FOR SHARE",
    values: [term],
  };
}

/**
 * Puts back what members hold that are gone, each row one cut the richer; answers a row for each. Owners are found by steps from
 * one to the next in the index, however many requests wait.
 */
export function recovery(now: number): Statement {
  return {
    name: "fungraph_recover",
    text: `WITH RECURSIVE owners AS (
    (SELECT owner FROM requests WHERE owner IS NOT NULL ORDER BY owner LIMIT 1)
    UNION ALL
    SELECT (SELECT r.owner FROM requests r WHERE r.owner > o.owner ORDER BY r.owner LIMIT 1) FROM owners o
    WHERE o.owner IS NOT NULL)
  UPDATE requests SET owner = NULL, cuts = cuts + 1,
    due_at = CASE WHEN cuts = 0 THEN due_at WHEN cuts + 1 >= ${CUT_RUNS} THEN $1::bigint
      ELSE $1::bigint + floor(random() * (${SPREAD_MS / 2} << cuts))::bigint END
  WHERE owner = ANY (ARRAY(
    SELECT o.owner FROM owners o WHERE o.owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM members m WHERE m.id = o.owner)))
  RETURNING 1`,
    values: [now],
  };
}

/** Puts back what the writer holds beside these rows; none of it was started. */
export function release(running: readonly number[], { owner }: Writer): Statement {
  return {
    name: "fungraph_release",
    text: `UPDATE requests SET owner = NULL, attempts = greatest(attempts - 1, 0)
    WHERE owner = $1::uuid AND seq <> ALL ($2::bigint[])`,
    values: [owner, running],
  };
}

/** PostgreSQL keeps no text with a NUL in it. */
export function textOf(text: string | undefined): string | null {
  return text?.replaceAll("\0", "\uFFFD") ?? null;
}
