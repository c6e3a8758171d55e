import { expect, test } from "vitest";
import type { Store } from "../../platform/store/store.ts";
import type { TriggerRecord } from "../../platform/store/triggers.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { Publisher } from "../../platform/triggers/publisher.ts";
import { QueueFullError } from "../../platform/triggers/queue-full.ts";
import { Subscribers } from "../../platform/triggers/subscribers.ts";
import { createFunction, HELLO, temporaryStore } from "./support.ts";

const { projectId } = HELLO;
const NEWS = `urn:smn:local:${projectId}:news`;
const OTHER = { ...HELLO, name: "other" };

function listen(store: Store, qualifier: string, topic = NEWS, key = HELLO): TriggerRecord {
  return store.triggers.create(key, qualifier, {
    type: "SMN",
    status: "ACTIVE",
    eventData: { topic_urn: topic },
  });
}

function urn(qualifier: string, name = "hello"): string {
  return `urn:fss:local:${projectId}:function:default:${name}:${qualifier}`;
}

test("functions with an SMN trigger hear of the topic: those that were there, and what changes", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  createFunction(store, OTHER);
  store.access.createProject({ id: projectId, name: "project" });
  store.topics.create(projectId, "news");
  store.topics.subscribe(projectId, "news", { id: "s", protocol: "https", endpoint: "https://x.test/" });
  const first = listen(store, "latest");
  const subscribers = new Subscribers(store, "local");
  const heard = (): string[] =>
    subscribers
      .subscriptions(projectId, "news")
      .map(({ endpoint }) => endpoint)
      .sort();
  expect(heard()).toEqual(["https://x.test/", urn("latest")]);

  listen(store, "!blue");
  listen(store, "latest", NEWS, OTHER);
  // Another topic, another region, another project.
  for (const elsewhere of ["local:project:olds", "north:project:news", "local:shop:news"])
    listen(store, "1", `urn:smn:${elsewhere}`);
  expect(heard()).toEqual(["https://x.test/", urn("!blue"), urn("latest"), urn("latest", "other")]);
  // Whoever names a topic of another project hears nothing of what is said there.
  expect(subscribers.subscriptions("shop", "news")).toEqual([]);

  store.triggers.update(first.id, { ...first.spec, status: "DISABLED" });
  expect(heard()).toEqual(["https://x.test/", urn("!blue"), urn("latest", "other")]);
  store.functions.delete(OTHER);
  expect(heard()).toEqual(["https://x.test/", urn("!blue")]);
  // Who is subscribed as well hears it once.
  store.topics.subscribe(projectId, "news", { id: "f", protocol: "function", endpoint: urn("!blue") });
  expect(heard()).toEqual(["https://x.test/", urn("!blue")]);
  // Of a topic that is gone nobody hears; the triggers hear of the next one of that name.
  store.topics.delete(projectId, "news");
  expect(heard()).toEqual([]);
  store.topics.create(projectId, "news");
  expect(heard()).toEqual([urn("!blue")]);
});

test("a message is durable for all or for none when it is published, and calls each with the guide's event", async () => {
  await using store = await temporaryStore();
  createFunction(store);
  createFunction(store, OTHER);
  store.access.createProject({ id: projectId, name: "project" });
  store.topics.create(projectId, "news");
  listen(store, "latest");
  listen(store, "!blue", NEWS, OTHER);
  const topics = new Subscribers(store, "local");
  const queue = new DurableQueue({
    store,
    topics,
    length: 4,
    invoker: { invoke: never, cancel: () => undefined },
  });
  const publisher = new Publisher({ queue, topics, region: "local", settled: () => store.settled() });
  const publish = (topic: string): Promise<string> =>
    publisher.publish({ projectId, topic, subject: "s", text: "hi" });
  const id = await publish("news");
  expect(await publish("olds")).not.toBe(id);
  await publish("news");
  await expect(publish("news")).rejects.toThrow(QueueFullError);
  const again = await store.reopen();
  expect(again.asyncRequests.count("waiting")).toBe(4);
  const [hello] = await again.asyncRequests.take("project/default/hello", Date.now(), 1);
  const event = JSON.parse(hello?.event.toString() ?? "") as { record: { smn: object }[] };
  expect(event).toMatchObject({
    record: [
      {
        event_version: "1.0",
        smn: {
          topic_urn: NEWS,
          message_id: id,
          message: "hi",
          subject: "s",
          type: "notification",
          message_attributes: null,
        },
        event_subscription_urn: urn("latest"),
        event_source: "smn",
      },
    ],
    functionname: "hello",
    requestId: id,
  });
  expect(await again.asyncRequests.take("project/default/other", Date.now(), 1)).toMatchObject([
    { qualifier: "!blue" },
  ]);
});

function never(): Promise<never> {
  return new Promise(() => undefined);
}
