import { randomUUID } from "node:crypto";

import { LIMITS } from "../../model/limits.ts";
import { formatFunctionUrn, parseFunctionUrn } from "../../model/names.ts";
import { LATEST } from "../../model/version.ts";
import type { AsyncDestination } from "../store/async-configs.ts";
import type { AsyncRequest, NewAsyncRequest } from "../store/async-requests.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { Subscription, TopicStore } from "../store/topics.ts";
import { bucketKey, topicKey } from "./delivery-key.ts";
import type { RunEnd } from "./run-rules.ts";

/** Results beyond this are cut in notifications; events of asynchronous requests have the same limit. */
const RESULT_BYTES = LIMITS.asyncRequestBytes;

/** What notifications are made with. */
export interface NotificationContext {
  /** In URNs. */
  readonly region: string;
  readonly topics: Pick<TopicStore, "subscriptions">;
}

/** Whom a request is for, and with what. */
type Addressed = Pick<NewAsyncRequest, "key" | "qualifier" | "event">;

/** The requests that tell a destination how another one ended (guide 3.3.7). Destinations are told at least once. */
export function notificationsOf(
  ended: AsyncRequest,
  outcome: RunEnd,
  destination: AsyncDestination,
  context: NotificationContext,
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
  context: NotificationContext,
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
  const { topics, region } = context;
  return topics
    .subscriptions(projectId, topic)
    .flatMap((one) => published(one, topic, { projectId, message, region }));
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

/** What one subscriber of a topic gets: a function the event of an SMN trigger, an endpoint the message of the service. */
function published(
  { id, protocol, endpoint }: Subscription,
  topic: string,
  {
    projectId,
    message,
    region,
  }: { readonly projectId: string; readonly message: string; readonly region: string },
): Addressed[] {
  const timestamp = new Date().toISOString();
  const facts = {
    topic_urn: topicUrn(region, projectId, topic),
    message_id: randomUUID(),
    subject: "",
    message,
    timestamp,
  };
  if (protocol !== "function") {
    const event = Buffer.from(JSON.stringify({ type: "Notification", ...facts }));
    return [{ key: topicKey(projectId, topic), qualifier: id, event }];
  }
  const target = parseFunctionUrn(endpoint, { region, projectId });
  if (target === undefined) return [];
  const key = { projectId: target.projectId, package: target.package, name: target.name };
  const qualifier = target.alias === undefined ? (target.version ?? LATEST) : `!${target.alias}`;
  const smn = { ...facts, message_attributes: null, type: "notification" };
  const record = { event_version: "1.0", smn, event_subscription_urn: endpoint, event_source: "smn" };
  const event = { record: [record], functionname: key.name, requestId: facts.message_id, timestamp };
  return [{ key, qualifier, event: Buffer.from(JSON.stringify(event)) }];
}

/** `urn:smn:<region>:<project>:<topic>` */
export function topicUrn(region: string, projectId: string, topic: string): string {
  return `urn:smn:${region}:${projectId}:${topic}`;
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
