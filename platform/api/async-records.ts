import type { BodyOf } from "../../model/api/value.ts";
import { formatApiTime } from "../../model/wire/body.ts";
import type { AsyncRecord, AsyncRecordQuery, AsyncStatus } from "../store/async-records.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { rangeOf } from "./page.ts";
import { shown, targetOf } from "./target.ts";

/** The API's words for how far a request is. */
const STATUSES: Readonly<Record<string, AsyncStatus>> = {
  WAIT: "waiting",
  RUNNING: "running",
  SUCCESS: "success",
  FAIL: "failed",
  DISCARD: "discarded",
};
const WORDS = Object.fromEntries(Object.entries(STATUSES).map(([word, status]) => [status, word]));
const ACTIVE = ["WAIT", "RUNNING"];

const HOUR_MS = 3_600_000;
/** Ids that `requests` may name. */
const MOST_IDS = 10;

/**
 * Requests of a function, of one version or alias where the URN names it, newest first. Query: `request_id`, `status`,
 * `query_begin_time` and `query_end_time` (UTC; default the last hour; empty values count as left out, because the
 * JavaScript SDK sends dates as such), `marker`, `limit`.
 */
async function listAsyncInvocations(call: Call, context: ApiContext): Promise<Reply> {
  const id = call.query.get("request_id") ?? "";
  const until = timeOf(call.query, "query_end_time") ?? Date.now();
  const since = timeOf(call.query, "query_begin_time") ?? (id === "" ? until - HOUR_MS : 0);
  return list(call, context, {
    ids: id === "" ? undefined : [id],
    statuses: statusesOf(call.query, Object.keys(STATUSES)),
    from: since,
    to: until,
  });
}

/** Requests that wait or run, however old. Query: `requests` (up to ten ids with commas between), else as above. */
async function listActiveAsyncInvocations(call: Call, context: ApiContext): Promise<Reply> {
  const ids = (call.query.get("requests") ?? "").split(",").filter((id) => id !== "");
  if (ids.length > MOST_IDS)
    throw new ApiError(
      "FSS.1001",
      `requests names ${ids.length} ids, ${MOST_IDS} are allowed. Ask in parts.`,
    );
  return list(call, context, {
    ids: ids.length === 0 ? undefined : ids,
    statuses: statusesOf(call.query, ACTIVE),
    from: timeOf(call.query, "query_begin_time") ?? 0,
    to: timeOf(call.query, "query_end_time") ?? Number.MAX_SAFE_INTEGER,
  });
}

async function list(
  call: Call,
  context: ApiContext,
  query: Omit<AsyncRecordQuery, "offset" | "limit" | "qualifier">,
): Promise<Reply> {
  const { key, qualifier, urn } = targetOf(call, context);
  const { offset, limit } = rangeOf(call.query, { default: 100, max: 500 });
  const page = await context.store.asyncRequests.records(key, {
    ...query,
    offset,
    limit,
    qualifier: urn.qualified ? qualifier : undefined,
  });
  return ok({
    invocations: page.records.map(wire),
    count: page.count,
    next_marker: offset + page.records.length,
  });
}

/**
 * Stops a request: one that waits never runs (DISCARD), one that runs ends at once with its instance and what else runs
 * there (FAIL), both with error code 4208. Functions do not tell what they call in turn, so `recursive` stops no more
 * than `force` does. FSS.0400 for an id that nothing waiting or running has. The cloud's documents show the reply as
 * `null`, which the JavaScript SDK cannot read; an empty object is read by all.
 */
async function cancelAsyncInvocation(call: Call, context: ApiContext): Promise<Reply> {
  const { key } = targetOf(call, context);
  const { request_id: id } = call.body as BodyOf<"CancelAsyncInvocation">;
  if (await context.live.cancel(key, id)) return ok({});
  const { records } = await context.store.asyncRequests.records(key, {
    ids: [id],
    statuses: Object.values(STATUSES),
    from: 0,
    to: Number.MAX_SAFE_INTEGER,
    offset: 0,
    limit: 1,
  });
  const [ended] = records;
  throw new ApiError(
    "FSS.0400",
    ended === undefined
      ? `The function "${key.name}" has no asynchronous request ${shown(id)}. List its active requests.`
      : `The request ${shown(id)} has ended already with the status ${WORDS[ended.status]}; only one that waits or runs can be stopped.`,
  );
}

function wire(record: AsyncRecord): Record<string, unknown> {
  const { id, status, errorCode, errorMessage, acceptedAt, finishedAt } = record;
  return {
    request_id: id,
    status: WORDS[status],
    error_code: errorCode ?? 0,
    error_message: errorMessage ?? "",
    start_time: formatApiTime(acceptedAt),
    ...(finishedAt !== undefined && { end_time: formatApiTime(finishedAt) }),
  };
}

function statusesOf(query: URLSearchParams, allowed: readonly string[]): AsyncStatus[] {
  const words = (query.get("status") ?? "").split(",").filter((word) => word !== "");
  const wrong = words.find((word) => !allowed.includes(word));
  if (wrong !== undefined)
    throw new ApiError("FSS.1001", `status is ${shown(wrong)}, it must be one of ${allowed.join(", ")}.`);
  return (words.length === 0 ? allowed : words).flatMap((word) => STATUSES[word] ?? []);
}

/** Epoch ms; a time without a zone is UTC. */
function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  if (text === "") return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !/\d:\d\d/.test(text);
  const at = Date.parse(zoned ? text : `${text.replace(" ", "T")}Z`);
  if (!Number.isNaN(at)) return at;
  throw new ApiError(
    "FSS.1001",
    `${name} is ${shown(text)}, it must be a time in UTC. Write ${formatApiTime(Date.now())}, for example.`,
  );
}

/** Asynchronous calls that were made. */
export const asyncRecordsOperations = {
  ListAsyncInvocations: listAsyncInvocations,
  ListActiveAsyncInvocations: listActiveAsyncInvocations,
  CancelAsyncInvocation: cancelAsyncInvocation,
} satisfies Operations;
