import { z } from "zod";
import { readBody } from "../model/wire/body.ts";
import type { Transport } from "./transport.ts";

const publishedSchema = z.looseObject({ message_id: z.string() });
const topicSchema = z.looseObject({ name: z.string(), topic_urn: z.string() });
const listSchema = z.looseObject({ topics: z.array(topicSchema) });
const subscriptionSchema = z.looseObject({ id: z.string(), protocol: z.string(), endpoint: z.string() });
const subscriptionsSchema = z.looseObject({ subscriptions: z.array(subscriptionSchema) });

/** A topic that results of asynchronous requests are published to. */
export interface Topic {
  readonly name: string;
  readonly urn: string;
}

/** Who is told what is published: a function by its URN, or an http or https URL. */
export interface TopicSubscription {
  readonly id: string;
  readonly endpoint: string;
}

/** Calls about the topics of the project, which administrators alone may make; who may invoke functions may publish. */
export class Topics {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #publications: string;

  constructor(transport: Transport, projectId: string) {
    this.#transport = transport;
    this.#path = `/fungraph/v1/projects/${encodeURIComponent(projectId)}/topics`;
    this.#publications = `/v2/${encodeURIComponent(projectId)}/notifications/topics`;
  }

  async list(): Promise<Topic[]> {
    const call = { method: "GET", path: this.#path } as const;
    const { topics } = await this.#transport.json(call, (body) => readBody(listSchema, body));
    return topics.map(({ name, topic_urn: urn }) => ({ name, urn }));
  }

  async create(name: string): Promise<Topic> {
    const call = { method: "POST", path: this.#path, body: { name } } as const;
    const { topic_urn: urn } = await this.#transport.json(call, (body) => readBody(topicSchema, body));
    return { name, urn };
  }

  /** With its subscriptions. */
  async delete(name: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#topic(name) });
  }

  async subscriptions(name: string): Promise<TopicSubscription[]> {
    const call = { method: "GET", path: `${this.#topic(name)}/subscriptions` } as const;
    const { subscriptions } = await this.#transport.json(call, (body) => readBody(subscriptionsSchema, body));
    return subscriptions.map(({ id, endpoint }) => ({ id, endpoint }));
  }

  /** The endpoint is the URN of a function of the project, or an http or https URL. */
  async subscribe(name: string, endpoint: string): Promise<TopicSubscription> {
    const call = { method: "POST", path: `${this.#topic(name)}/subscriptions`, body: { endpoint } } as const;
    const { id } = await this.#transport.json(call, (body) => readBody(subscriptionSchema, body));
    return { id, endpoint };
  }

  async unsubscribe(name: string, id: string): Promise<void> {
    const path = `${this.#topic(name)}/subscriptions/${encodeURIComponent(id)}`;
    await this.#transport.send({ method: "DELETE", path });
  }

  /** Tells all who are subscribed; answers the message's id once that is durable. */
  async publish(urn: string, message: string, subject = ""): Promise<string> {
    const path = `${this.#publications}/${encodeURIComponent(urn)}/publish`;
    const call = { method: "POST", path, body: { subject, message } } as const;
    const { message_id: id } = await this.#transport.json(call, (body) => readBody(publishedSchema, body));
    return id;
  }

  #topic(name: string): string {
    return `${this.#path}/${encodeURIComponent(name)}`;
  }
}
