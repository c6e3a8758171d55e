import { randomUUID } from "node:crypto";

import { LIMITS } from "../../model/limits.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import type { Outcome } from "../gateway/invoker.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import type { AsyncRequest } from "../store/async-requests.ts";

/** Results beyond this are cut in notifications; events of asynchronous requests have the same limit. */
const RESULT_BYTES = LIMITS.asyncRequestBytes;

/** The request that tells a destination how another one ended (guide 3.3.7). Destinations are told at least once. */
export function notificationOf(
  ended: AsyncRequest,
  outcome: Pick<Outcome, "failure" | "payload">,
  destination: AsyncDestination,
  region: string,
): Omit<AsyncRequest, "attempts"> {
  const { id, key, qualifier, attempts, event } = ended;
  const { failure, payload } = outcome;
  const version = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  const now = Date.now();
  const body = {
    timestamp: new Date(now).toISOString(),
    request_context: {
      request_id: id,
      function_urn: formatFunctionUrn({ region, ...key, ...version }),
      condition: failure === undefined ? "" : (CONDITIONS[failure] ?? "UnhandledInvocationError"),
      approximate_invoke_count: attempts,
    },
    request_payload: event.toString(),
    response_context: {
      status_code: failure === undefined ? 200 : 500,
      function_error:
        payload.length > RESULT_BYTES
          ? `response_payload has the first ${RESULT_BYTES} of ${payload.length} bytes.`
          : "",
    },
    response_payload: payload.toString("utf8", 0, RESULT_BYTES),
  };
  return {
    id: randomUUID(),
    key: destination.key,
    qualifier: destination.qualifier,
    event: Buffer.from(JSON.stringify(body)),
    acceptedAt: now,
    dueAt: now,
  };
}

/** Kinds of failure that are not the function's own. */
const CONDITIONS: Partial<Record<NonNullable<Outcome["failure"]>, string>> = {
  system: "SystemError",
  overload: "MaximumEventAgeExceeded",
  missing: "FunctionNotFound",
  cancelled: "Cancelled",
};
