import { formatFunctionUrn } from "../../model/names.ts";
import type { Store } from "../store/store.ts";
import type { Subscription, TopicStore } from "../store/topics.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { keyText, parseKeyText } from "../store/function-key.ts";
import { topicUrn } from "./publication.ts";

/** What subscribers are known from. */
type Known = Pick<Store, "topics" | "triggers" | "onChange">;

const NOBODY: ReadonlyMap<string, Subscription> = new Map();

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
    const subscribed = this.#store.topics.subscriptions(projectId, topic);
    const triggered = this.#byTopic.get(topicUrn(this.#region, projectId, topic)) ?? NOBODY;
    // Who is both hears it once.
    const endpoints = new Set(subscribed.map(({ endpoint }) => endpoint));
    return [...subscribed, ...[...triggered.values()].filter(({ endpoint }) => !endpoints.has(endpoint))];
  }

  /** Any URN can be written into a trigger; what is said to another project's topic is not for it. */
  #listening(records: readonly TriggerRecord[]): TriggerRecord[] {
    return records.filter((record) => {
      const { type, status } = record.spec;
      const own = topicUrn(this.#region, record.key.projectId, "");
      return type === "SMN" && status === "ACTIVE" && topicOf(record).startsWith(own);
    });
  }

  #put(functionKey: string, records: readonly TriggerRecord[]): void {
    if (records.length === 0) return;
    this.#byFunction.set(functionKey, records);
    for (const record of records) {
      const topic = topicOf(record);
      const endpoint = urnOf(record, this.#region);
      const subscribers = this.#byTopic.get(topic) ?? new Map<string, Subscription>();
      this.#byTopic.set(topic, subscribers.set(endpoint, { id: record.id, protocol: "function", endpoint }));
    }
  }

  #take(functionKey: string): void {
    for (const record of this.#byFunction.get(functionKey) ?? []) {
      const topic = topicOf(record);
      const subscribers = this.#byTopic.get(topic);
      subscribers?.delete(urnOf(record, this.#region));
      if (subscribers?.size === 0) this.#byTopic.delete(topic);
    }
    this.#byFunction.delete(functionKey);
  }
}

function topicOf({ spec }: TriggerRecord): string {
  return String((spec.eventData as { readonly topic_urn?: unknown }).topic_urn);
}

function urnOf({ key, qualifier }: TriggerRecord, region: string): string {
  const target = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  return formatFunctionUrn({ region, ...key, ...target });
}
