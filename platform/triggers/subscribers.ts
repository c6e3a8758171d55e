import { formatFunctionUrn, parseFunctionUrn } from "../../model/names.ts";
import type { Store } from "../store/store.ts";
import type { Subscription, TopicStore } from "../store/topics.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { keyText, parseKeyText, type FunctionKey } from "../store/function-key.ts";
import { topicUrn } from "./publication.ts";

/** What subscribers are known from. */
type Known = Pick<Store, "topics" | "triggers" | "onChange">;

/** A topic of one project. */
interface Topic {
  /** In URNs. */
  readonly region: string;
  readonly projectId: string;
  readonly topic: string;
}

const NOBODY: ReadonlyMap<string, Subscription> = new Map();

/** Name of the topic of its own project that an SMN trigger names, be there one or not; undefined for all other triggers. */
export function ownTopicOf(trigger: TriggerRecord, region: string): string | undefined {
  // Any URN can be written into a trigger; what is said to another project's topic is not for it.
  const own = topicUrn(region, trigger.key.projectId, "");
  const urn = urnOf(trigger);
  return trigger.spec.type === "SMN" && urn.startsWith(own) ? urn.slice(own.length) : undefined;
}

/** URN of the topic that an SMN trigger names. */
function urnOf({ spec }: TriggerRecord): string {
  return String((spec.eventData as { readonly topic_urn?: unknown }).topic_urn);
}

/** The functions that hear what is published to a topic, as `Subscribers` knows them; looks through all triggers, for those who ask seldom. */
export function listenersOf(topic: Topic, store: Omit<Known, "onChange">): FunctionKey[] {
  const place = { region: topic.region, projectId: topic.projectId };
  return subscribersOf(topic, store)
    .filter(({ protocol }) => protocol === "function")
    .flatMap(({ endpoint }) => {
      const urn = parseFunctionUrn(endpoint, place);
      return urn === undefined ? [] : [{ projectId: urn.projectId, package: urn.package, name: urn.name }];
    });
}

function subscribersOf({ region, projectId, topic }: Topic, store: Omit<Known, "onChange">): Subscription[] {
  const triggered = store.triggers
    .all()
    .filter((one) => one.key.projectId === projectId && urnOf(one) === topicUrn(region, projectId, topic))
    .filter((one) => isListening(one, region))
    .map((one) => subscriptionOf(one, region));
  return together(store, { projectId, topic }, triggered);
}

/**
 * Who hears what is published to topics: those who were subscribed, and the functions of the topic's project with an SMN trigger that is
 * switched on (guide 3.5.1). The triggers are kept in memory, so that a publication looks through none of the others.
 */
export class Subscribers implements Pick<TopicStore, "subscriptions"> {
  readonly #store: Known;
  readonly #region: string;
  /** By topic, then by the URN that is called. */
  readonly #byTopic = new Map<string, Map<string, Subscription>>();
  /** Topics of each function's triggers. */
  readonly #byFunction = new Map<string, readonly TriggerRecord[]>();

  constructor(store: Known, region: string) {
    this.#store = store;
    this.#region = region;
    const triggers = this.#listening(store.triggers.all());
    for (const [key, records] of Map.groupBy(triggers, (one) => keyText(one.key))) this.#put(key, records);
    store.onChange((key) => {
      this.#take(key);
      this.#put(key, this.#listening(store.triggers.list(parseKeyText(key))));
    });
  }

  subscriptions(projectId: string, topic: string): Subscription[] {
    const triggered = this.#byTopic.get(topicUrn(this.#region, projectId, topic)) ?? NOBODY;
    return together(this.#store, { projectId, topic }, [...triggered.values()]);
  }

  #listening(records: readonly TriggerRecord[]): TriggerRecord[] {
    return records.filter((one) => isListening(one, this.#region));
  }

  #put(functionKey: string, records: readonly TriggerRecord[]): void {
    if (records.length === 0) return;
    this.#byFunction.set(functionKey, records);
    for (const record of records) {
      const topic = urnOf(record);
      const subscription = subscriptionOf(record, this.#region);
      const subscribers = this.#byTopic.get(topic) ?? new Map<string, Subscription>();
      this.#byTopic.set(topic, subscribers.set(subscription.endpoint, subscription));
    }
  }

  #take(functionKey: string): void {
    for (const record of this.#byFunction.get(functionKey) ?? []) {
      const topic = urnOf(record);
      const subscribers = this.#byTopic.get(topic);
      subscribers?.delete(subscriptionOf(record, this.#region).endpoint);
      if (subscribers?.size === 0) this.#byTopic.delete(topic);
    }
    this.#byFunction.delete(functionKey);
  }
}

/** Who is subscribed as well hears it once; nobody hears of a topic that is not there. */
function together(
  { topics }: Pick<Known, "topics">,
  { projectId, topic }: Omit<Topic, "region">,
  triggered: readonly Subscription[],
): Subscription[] {
  if (!topics.exists(projectId, topic)) return [];
  const subscribed = topics.subscriptions(projectId, topic);
  const endpoints = new Set(subscribed.map(({ endpoint }) => endpoint));
  return [...subscribed, ...triggered.filter(({ endpoint }) => !endpoints.has(endpoint))];
}

function isListening(record: TriggerRecord, region: string): boolean {
  return record.spec.status === "ACTIVE" && ownTopicOf(record, region) !== undefined;
}

function subscriptionOf({ id, key, qualifier }: TriggerRecord, region: string): Subscription {
  const target = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  return { id, protocol: "function", endpoint: formatFunctionUrn({ region, ...key, ...target }) };
}
