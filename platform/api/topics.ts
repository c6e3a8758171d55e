import { randomUUID } from "node:crypto";

import { z } from "zod";

import type { Fault } from "../../model/fault.ts";
import { parseFunctionUrn } from "../../model/names.ts";
import { TOPIC_NAME } from "../../model/topic.ts";
import { readBody } from "../../model/wire/body.ts";
import type { Project } from "../store/access.ts";
import type { Subscription } from "../store/topics.ts";
import { topicUrn } from "../triggers/publication.ts";
import { listenersOf } from "../triggers/subscribers.ts";
import { QueueFullError } from "../triggers/queue-full.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { loopsFrom } from "./destination-loops.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { warned } from "./warned.ts";
import { administered, projectOf } from "./projects.ts";
import type { Route } from "./route-match.ts";
import { shown } from "./target.ts";

const topicSchema = z.looseObject({
  name: z.string().regex(TOPIC_NAME.test, TOPIC_NAME.rule),
});
const subscriptionSchema = z.looseObject({ endpoint: z.string().max(2048) });

/** Subscriptions of one topic. */
const MOST_SUBSCRIPTIONS = 100;

function listTopics(call: Call, context: ApiContext): Reply {
  const project = projectOf(call, context);
  return ok({
    topics: context.store.topics.list(project.id).map((name) => wireTopic(project, name, context)),
  });
}

/** FSS.0409 for a taken name. Messages that will go in a circle, because functions listen already, are warned of. */
function createTopic(call: Call, context: ApiContext): Reply {
  const project = projectOf(call, context);
  const { name } = accept(readBody(topicSchema, call.body));
  context.store.topics.create(project.id, name);
  const { region } = context.place;
  const listeners = listenersOf({ region, projectId: project.id, topic: name }, context.store);
  return warned({ status: 201, body: wireTopic(project, name, context) }, loopsFrom(listeners, context));
}

function deleteTopic(call: Call, context: ApiContext): Reply {
  const { project, topic } = topicOf(call, context);
  context.store.topics.delete(project.id, topic);
  return NO_CONTENT;
}

function listSubscriptions(call: Call, context: ApiContext): Reply {
  const { project, topic } = topicOf(call, context);
  return ok({ subscriptions: context.store.topics.subscriptions(project.id, topic) });
}

/** Subscribes a function, by its URN, or an http or https URL. FSS.0409 for an endpoint that is subscribed already. Circles are warned of. */
function subscribe(call: Call, context: ApiContext): Reply {
  const { project, topic } = topicOf(call, context);
  const { endpoint } = accept(readBody(subscriptionSchema, call.body));
  const { topics } = context.store;
  if (topics.subscriptions(project.id, topic).length >= MOST_SUBSCRIPTIONS)
    throw new ApiError(
      "FSS.0400",
      `A topic has at most ${MOST_SUBSCRIPTIONS} subscriptions. Delete one of them.`,
    );
  const subscription = accept(readEndpoint(endpoint, project, context));
  topics.subscribe(project.id, topic, subscription);
  const { region } = context.place;
  const listeners =
    subscription.protocol === "function"
      ? listenersOf({ region, projectId: project.id, topic }, context.store)
      : [];
  return warned({ status: 201, body: subscription }, loopsFrom(listeners, context));
}

function unsubscribe(call: Call, context: ApiContext): Reply {
  const { project, topic } = topicOf(call, context);
  const id = call.parameters["subscription"] ?? "";
  if (context.store.topics.unsubscribe(project.id, topic, id)) return NO_CONTENT;
  throw new ApiError("FSS.0404", `The topic has no subscription ${shown(id)}. List its subscriptions.`);
}

function readEndpoint(
  endpoint: string,
  { id: projectId }: Project,
  context: ApiContext,
): Subscription | Fault[] {
  const id = randomUUID();
  const { protocol = "", username = "", password = "" } = URL.parse(endpoint) ?? {};
  // Names and passwords are not sent from URLs; they would only be shown to whoever lists subscriptions.
  if ((protocol === "http:" || protocol === "https:") && username + password === "")
    return { id, protocol: protocol === "http:" ? "http" : "https", endpoint };
  const { region } = context.place;
  const urn = endpoint.startsWith("urn:") ? parseFunctionUrn(endpoint, { region, projectId }) : undefined;
  if (urn !== undefined && urn.projectId === projectId && urn.region === region) {
    const key = { projectId, package: urn.package, name: urn.name };
    if (context.store.functions.find(key) !== undefined) return { id, protocol: "function", endpoint };
  }
  return [
    {
      property: "endpoint",
      value: endpoint,
      rule: "must be an http or https URL without a password, or the URN of a function that this project has",
      fix: `Write https://<host>/<path> or urn:fss:${region}:${projectId}:function:default:<name>:latest.`,
      code: "FSS.0400",
    },
  ];
}

const messageSchema = z.looseObject({
  subject: z.string().max(512).nullish(),
  message: z.string().min(1, "must not be empty"),
});
/** A message, as UTF-8; the service has the same limit. */
const MESSAGE_BYTES = 256 * 1024;

/** As the notification service: tells all subscribers, once what each gets is durable. FSS.1171 for a topic that is not there. */
async function publish(call: Call, context: ApiContext): Promise<Reply> {
  const { projectId } = call;
  const urn = call.parameters["topic_urn"] ?? "";
  const start = topicUrn(context.place.region, projectId, "");
  const topic = urn.startsWith(start) ? urn.slice(start.length) : "";
  if (!context.store.topics.exists(projectId, topic))
    throw new ApiError("FSS.1171", `The project has no topic ${shown(urn)}. List its topics.`);
  const { subject, message: text } = accept(readBody(messageSchema, call.body));
  const size = Buffer.byteLength(text);
  if (size > MESSAGE_BYTES)
    throw new ApiError(
      "FSS.0413",
      `The message has ${size} bytes, at most ${MESSAGE_BYTES} are allowed. Send less.`,
    );
  try {
    const id = await context.live.publish({ projectId, topic, subject: subject ?? "", text });
    return ok({ message_id: id, request_id: randomUUID() });
  } catch (error) {
    throw error instanceof QueueFullError ? new ApiError("FSS.0429", error.message) : error;
  }
}

function topicOf(call: Call, context: ApiContext): { readonly project: Project; readonly topic: string } {
  const project = projectOf(call, context);
  const topic = call.parameters["topic"] ?? "";
  if (context.store.topics.exists(project.id, topic)) return { project, topic };
  throw new ApiError("FSS.0404", `The project has no topic ${shown(topic)}. List its topics.`);
}

function wireTopic({ id }: Project, name: string, { place }: ApiContext): Record<string, unknown> {
  return { name, topic_urn: topicUrn(place.region, id, name) };
}

const TOPICS = "/fungraph/v1/projects/{project}/topics";
const SUBSCRIPTIONS = `${TOPICS}/{topic}/subscriptions`;

/** Topics that results (guide 3.3.7) and messages are published to: what the cloud leaves to its notification service. */
export const TOPIC_ROUTES: readonly Route[] = [
  administered("GET", TOPICS, listTopics),
  administered("POST", TOPICS, createTopic),
  administered("DELETE", `${TOPICS}/{topic}`, deleteTopic),
  administered("GET", SUBSCRIPTIONS, listSubscriptions),
  administered("POST", SUBSCRIPTIONS, subscribe),
  administered("DELETE", `${SUBSCRIPTIONS}/{subscription}`, unsubscribe),
  {
    method: "POST",
    path: "/v2/{project_id}/notifications/topics/{topic_urn}/publish",
    access: "invoke",
    operation: publish,
  },
];
