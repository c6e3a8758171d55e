import { randomUUID } from "node:crypto";

import { LIMITS } from "../../model/limits.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import type { AsyncRequest, NewAsyncRequest } from "../store/async-requests.ts";
import type { FunctionKey } from "../store/function-key.ts";
import { bucketKey } from "./delivery-key.ts";
import { publicationOf, type Addressed, type PublicationContext } from "./publication.ts";
import type { RunEnd } from "./run-rules.ts";

/** Results beyond this are cut in notifications; events of asynchronous requests have the same limit. */
const RESULT_BYTES = LIMITS.asyncRequestBytes;

/** The requests that tell a destination how another one ended (guide 3.3.7). Destinations are told at least once. */
export function notificationsOf(
  ended: AsyncRequest,
  outcome: RunEnd,
  destination: AsyncDestination,
  context: PublicationContext,
): NewAsyncRequest[] {
  const now = Date.now();
  const message = JSON.stringify(bodyOf(ended, outcome, now, context.region));
  return addressed(ended, destination, message, context).map((one) => ({
    ...one,
    id: randomUUID(),
    acceptedAt: now,
    dueAt: now,
    hops: ended.hops + 1,
  }));
}

function addressed(
  ended: AsyncRequest,
  destination: AsyncDestination,
  message: string,
  context: PublicationContext,
): Addressed[] {
  const { projectId } = ended.key;
  const event = Buffer.from(message);
  if (destination.kind === "function")
    return [{ key: destination.key, qualifier: destination.qualifier, event }];
  if (destination.kind === "bucket")
    return [
      { key: bucketKey(projectId, destination.bucket), qualifier: objectName(ended, destination), event },
    ];
  const { topic } = destination;
  return publicationOf({ projectId, topic, subject: "", text: message }, randomUUID(), context);
}

function bodyOf(ended: AsyncRequest, outcome: RunEnd, now: number, region: string): Record<string, unknown> {
  const { failure, payload } = outcome;
  return {
    timestamp: new Date(now).toISOString(),
    request_context: {
      request_id: ended.id,
      function_urn: urnOf(ended.key, ended.qualifier, region),
      condition: failure === undefined ? "" : (CONDITIONS[failure] ?? "UnhandledInvocationError"),
      approximate_invoke_count: ended.attempts,
    },
    request_payload: ended.event.toString(),
    response_context: {
      status_code: failure === undefined ? 200 : 500,
      function_error:
        payload.length > RESULT_BYTES
          ? `response_payload has the first ${RESULT_BYTES} of ${payload.length} bytes.`
          : "",
    },
    response_payload: payload.toString("utf8", 0, RESULT_BYTES),
  };
}

/** The same for every try, so that an object is written once however often it is sent. */
function objectName(
  ended: AsyncRequest,
  { prefix, days }: { readonly prefix: string; readonly days: number },
): string {
  const day = new Date(ended.acceptedAt).toISOString().slice(0, 10);
  const name = `${prefix}${ended.key.name}/${day}/${ended.id}.json`;
  return days === 0 ? name : `${name}?${String(days)}`;
}

function urnOf(key: FunctionKey, qualifier: string, region: string): string {
  const version = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  return formatFunctionUrn({ region, ...key, ...version });
}

/** Kinds of failure that are not the function's own. */
const CONDITIONS: Partial<Record<NonNullable<RunEnd["failure"]>, string>> = {
  system: "SystemError",
  overload: "MaximumEventAgeExceeded",
  missing: "FunctionNotFound",
  cancelled: "Cancelled",
};
