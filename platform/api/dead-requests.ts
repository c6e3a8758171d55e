import { z } from "zod";

import { parseFunctionUrn } from "../../model/names.ts";
import { formatApiTime, readBody } from "../../model/wire/body.ts";
import type { DeadQuery, DeadRequest } from "../store/dead-requests.ts";
import type { FunctionKey } from "../store/function-key.ts";
import { bucketKey, kindOf, topicKey } from "../triggers/delivery-key.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { rangeOf } from "./page.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

const schema = z.looseObject({ target: z.string().nullish(), request_id: z.string().nullish() });

/**
 * Requests that failed for good or grew too old, newest first. Query: `target` (a function's name or URN,
 * `bucket:<name>` or `topic:<name>`; default all of the project), `request_id`, `marker`, `limit`.
 */
async function listDeadRequests(call: Call, context: ApiContext): Promise<Reply> {
  const { offset, limit } = rangeOf(call.query, { default: 100, max: 500 });
  const { requests, count } = await context.store.asyncRequests.dead.list(queryOf(call, context), {
    offset,
    limit,
  });
  return ok({ requests: requests.map(wire), count, next_marker: offset + requests.length });
}

/** Puts them back into the queue as if they came now. Body: `target`, `request_id`; at least one of them, or `{"target": "*"}` for all. */
async function redriveDeadRequests(call: Call, context: ApiContext): Promise<Reply> {
  const { target, request_id: id } = accept(readBody(schema, call.body ?? {}));
  if (!target && !id) throw new ApiError("FSS.0400", NOT_ALL);
  const key = target && target !== "*" ? keyOf(target, call, context) : undefined;
  return ok({ count: await context.live.redrive({ projectId: call.projectId, key, id: id ?? undefined }) });
}

/** Forgets them. Query: `target`, `request_id`; at least one of them, or `target=*` for all. */
async function purgeDeadRequests(call: Call, context: ApiContext): Promise<Reply> {
  if (!call.query.get("target") && !call.query.get("request_id")) throw new ApiError("FSS.0400", NOT_ALL);
  return ok({ count: await context.store.asyncRequests.dead.purge(queryOf(call, context)) });
}

const NOT_ALL =
  "Neither target nor request_id is given. Name what is meant, or write * as target for all of the project.";

function queryOf(call: Call, context: ApiContext): DeadQuery {
  const target = call.query.get("target") ?? "";
  const key = target === "" || target === "*" ? undefined : keyOf(target, call, context);
  return { projectId: call.projectId, key, id: call.query.get("request_id") ?? undefined };
}

/** Functions that were deleted keep their dead requests until these are purged, so they need not exist. */
function keyOf(target: string, { projectId }: Call, { place }: ApiContext): FunctionKey {
  const [, kind, name = ""] = /^(bucket|topic):([^:]+)$/.exec(target) ?? [];
  if (kind !== undefined) return kind === "bucket" ? bucketKey(projectId, name) : topicKey(projectId, name);
  const urn = parseFunctionUrn(target, { region: place.region, projectId });
  if (urn !== undefined && urn.projectId === projectId)
    return { projectId, package: urn.package, name: urn.name };
  throw new ApiError(
    "FSS.1309",
    `${shown(target)} is no target of this project. Write the name or URN of a function, bucket:<name> or topic:<name>.`,
  );
}

function wire(request: DeadRequest): Record<string, unknown> {
  const { key, finishedAt, errorCode, errorMessage } = request;
  const kind = kindOf(key);
  return {
    request_id: request.id,
    target:
      kind === "function"
        ? key.package === "default"
          ? key.name
          : `${key.package}:${key.name}`
        : `${kind}:${key.name}`,
    qualifier: request.qualifier,
    status: request.status === "discarded" ? "DISCARD" : "FAIL",
    attempts: request.attempts,
    event_bytes: request.size,
    error_code: errorCode ?? 0,
    error_message: errorMessage ?? "",
    start_time: formatApiTime(request.acceptedAt),
    ...(finishedAt !== undefined && { end_time: formatApiTime(finishedAt) }),
  };
}

const PATH = "/fungraph/v1/dead-requests";

/** Asynchronous requests that failed for good: look at them, run them once more, forget them. */
export const DEAD_REQUEST_ROUTES: readonly Route[] = [
  { method: "GET", path: PATH, access: "read", operation: listDeadRequests },
  { method: "POST", path: `${PATH}/redrive`, access: "invoke", operation: redriveDeadRequests },
  { method: "DELETE", path: PATH, access: "manage", operation: purgeDeadRequests },
];
