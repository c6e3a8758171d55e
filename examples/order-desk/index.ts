import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const BUCKET = "order-uploads";
const TOPIC = new pulumi.Config().get("topic") ?? "urn:smn:local:shop:orders";

const caller = new fg.Agency("order-desk", { role: fg.Role.Common });

const alarm = new fg.Function("alarm", {
  description: "Is told of orders that nobody could take.",
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./functions/alarm",
});

const desk = new fg.Function("desk", {
  description: "Takes orders, whichever way they come.",
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./functions/desk",
  memoryMb: 256,
  timeoutSeconds: 10,
  executionAgency: caller.agencyName,
  tags: { team: "orders" },
});

const current = desk.publish("current");
const live = desk.alias("live", { version: current.version });
const { aliasUrn: functionUrn } = live;

const orders = live.onHttp("orders", { path: "/orders", method: fg.HttpMethod.Post, auth: fg.HttpAuth.None });
live.onTimer("closing", { cron: "0 0 18 ? * Mon-Fri", userEvent: "close the books" });
live.onAsync("queue", { maxRetries: 2, maxAgeSeconds: 600, onFailure: alarm.functionUrn });

const topic = new fg.SmnTrigger("desk-topic", { functionUrn, topicUrn: TOPIC });
const uploads = new fg.ObsTrigger("desk-uploads", {
  functionUrn,
  bucket: BUCKET,
  events: [fg.ObsEvent.CreatedByPut, fg.ObsEvent.CreatedByParts],
  prefix: "orders/",
  suffix: ".csv",
  triggerName: "uploads",
});

desk.testEvent("upload", {
  event: JSON.stringify({
    Records: [{ s3: { bucket: { name: BUCKET }, object: { key: "orders/monday.csv" } } }],
  }),
});

export const url = orders.url;
export const triggers = { topic: topic.triggerId, uploads: uploads.triggerId };
