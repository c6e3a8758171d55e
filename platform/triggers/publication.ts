import { parseFunctionUrn } from "../../model/names.ts";
import { LATEST } from "../../model/version.ts";
import type { NewAsyncRequest } from "../store/async-requests.ts";
import type { Subscription, TopicStore } from "../store/topics.ts";
import { topicKey } from "./delivery-key.ts";

/** A message for all who are subscribed to a topic. */
export interface Message {
  readonly projectId: string;
  /** Name of the topic. */
  readonly topic: string;
  readonly subject: string;
  readonly text: string;
}

/** What publications are made with. */
export interface PublicationContext {
  /** In URNs. */
  readonly region: string;
  readonly topics: Pick<TopicStore, "subscriptions">;
}

/** Whom a request is for, and with what. */
export type Addressed = Pick<NewAsyncRequest, "key" | "qualifier" | "event">;

/** What each subscriber of the topic gets: a function the event of an SMN trigger, an endpoint the message of the service. */
export function publicationOf(message: Message, id: string, context: PublicationContext): Addressed[] {
  const { projectId, topic, subject, text } = message;
  const { region, topics } = context;
  const facts = {
    topic_urn: topicUrn(region, projectId, topic),
    message_id: id,
    subject,
    message: text,
    timestamp: new Date().toISOString(),
  };
  return topics.subscriptions(projectId, topic).flatMap((one) =>
    one.protocol === "function"
      ? calling(one, facts, { region, projectId })
      : {
          key: topicKey(projectId, topic),
          qualifier: one.id,
          event: Buffer.from(JSON.stringify({ type: "Notification", ...facts })),
        },
  );
}

interface Facts {
  readonly message_id: string;
  readonly timestamp: string;
}

function calling(
  { endpoint }: Subscription,
  facts: Facts,
  place: { readonly region: string; readonly projectId: string },
): Addressed[] {
  const target = parseFunctionUrn(endpoint, place);
  if (target === undefined) return [];
  const key = { projectId: target.projectId, package: target.package, name: target.name };
  const qualifier = target.alias === undefined ? (target.version ?? LATEST) : `!${target.alias}`;
  const smn = { ...facts, message_attributes: null, type: "notification" };
  const record = { event_version: "1.0", smn, event_subscription_urn: endpoint, event_source: "smn" };
  const { message_id: requestId, timestamp } = facts;
  const event = { record: [record], functionname: key.name, requestId, timestamp };
  return [{ key, qualifier, event: Buffer.from(JSON.stringify(event)) }];
}

/** `urn:smn:<region>:<project>:<topic>` */
export function topicUrn(region: string, projectId: string, topic: string): string {
  return `urn:smn:${region}:${projectId}:${topic}`;
}
