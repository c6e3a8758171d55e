import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

/* The program whose stack is recorded beside it: a trigger of every source that needs no VPC, and an agency. It never changes. */

const caller = new fg.Agency("caller", { role: fg.Role.Common });
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  executionAgency: caller.agencyName,
  configurationAgency: caller.agencyName,
});
const { functionUrn } = hello;
const password = pulumi.secret("s3cret");

void new fg.ObsTrigger("uploads", {
  functionUrn,
  bucket: "uploads",
  events: [fg.ObsEvent.CreatedByPut],
  prefix: "in/",
});
void new fg.SmnTrigger("news", { functionUrn, topicUrn: "urn:smn:local:shop:news" });
void new fg.DisTrigger("clicks", { functionUrn, stream: "clicks" });
void new fg.LtsTrigger("logs", { functionUrn, logGroupId: "group-1", logTopicId: "topic-1" });
void new fg.CtsTrigger("audit", { functionUrn, operations: ["ECS:server:createServer"] });
const database = { functionUrn, instanceId: "dds-1", database: "shop", password };
void new fg.DdsTrigger("changes", { ...database, collection: "orders" });
void new fg.GaussMongoTrigger("moves", { ...database, collection: "stock" });
void new fg.DmsTrigger("queue", { functionUrn, queueId: "queue-1", consumerGroupId: "group-1" });
void new fg.RabbitMqTrigger("rabbit", { functionUrn, instanceId: "rabbit-1", exchange: "orders", password });
void new fg.RocketMqTrigger("rocket", { functionUrn, instanceId: "rocket-1", topics: ["orders"] });
void new fg.EventGridTrigger("grid", {
  functionUrn,
  channelId: "channel-1",
  bucket: "uploads",
  eventTypes: [fg.EventGridEvent.CreatedByPut],
});
void new fg.IotDaTrigger("things", {
  functionUrn,
  instanceId: "iot-1",
  resource: "device.property",
  event: "report",
});
