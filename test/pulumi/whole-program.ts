/** One of each kind that is on a platform, with a secret wherever one may stand: `s0` and so on, of the stack's settings. */
export const WHOLE_PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

const config = new pulumi.Config();
const secret = (number: number) => config.requireSecret("s" + number);

const shop = new fg.Vpc("shop", {
  range: "10.1.0.0/16",
  subnets: [{ name: "front", range: "10.1.1.0/24" }],
  zones: [{ name: "shop.internal", records: [{ name: "db", addresses: [secret(0)] }] }],
});
new fg.NatGateway("out", { vpcId: shop.vpcId, address: "203.0.113.7" });
const files = new fg.FileSystem("files", { nfs: { server: "nfs.shop.internal", path: "/exports" } });
const helper = new fg.Agency("helper", { role: fg.Role.ReadOnly });
const numbers = new fg.Dependency("numbers", { code: "./numbers", runtime: fg.Runtime.NodeJs20 });
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  description: secret(2),
  environment: { TEXT: secret(3), REGION: "north" },
  encryptedEnvironment: { TOKEN: secret(4) },
  executionAgency: helper.agencyName,
  configurationAgency: helper.agencyName,
  dependencies: [numbers.versionId],
  network: shop.subnet("front"),
  fileSystems: { mounts: [files.at("/mnt/files")] },
  tags: { team: "orders", cost: secret(6) },
});
const { functionUrn } = hello;
hello.testEvent("order", { event: secret(5).apply((text) => JSON.stringify({ order: text })) });
const first = hello.publish("first", { versionName: "v1" });
const prod = hello.alias("prod", { version: first.version, description: secret(7) });
prod.onHttp("greet", { path: "/greet/{name}", auth: fg.HttpAuth.None });
prod.onTimer("hourly", { every: "1h", userEvent: secret(8) });
prod.onAsync("queue", { maxRetries: 2 });
prod.reserve("warm", { count: 1 });
const queue = { functionUrn, topics: ["orders"], user: "shop" };
new fg.KafkaTrigger("kafka", { ...queue, instanceId: "kafka-1", password: secret(9) });
new fg.OpenSourceKafkaTrigger("open", { ...queue, address: "10.1.1.6:9092", password: secret(10) });
const database = { functionUrn, instanceId: "dds-1", database: "shop", user: "shop" };
new fg.DdsTrigger("changes", { ...database, collection: "orders", password: secret(11) });
new fg.GaussMongoTrigger("moves", { ...database, collection: "stock", password: secret(12) });
new fg.RabbitMqTrigger("rabbit", { functionUrn, instanceId: "rabbit-1", exchange: "orders", password: secret(13) });
new fg.RocketMqTrigger("rocket", { ...queue, instanceId: "rocket-1", password: secret(14) });
new fg.ObsTrigger("uploads", { functionUrn, bucket: "uploads", events: [fg.ObsEvent.CreatedByPut], prefix: secret(15) });
new fg.SmnTrigger("news", { functionUrn, topicUrn: "urn:smn:local:shop:news" });
new fg.DisTrigger("clicks", { functionUrn, stream: "clicks" });
new fg.LtsTrigger("lines", { functionUrn, logGroupId: "group-1", logTopicId: "topic-1", logGroupName: secret(16) });
new fg.CtsTrigger("audit", { functionUrn, operations: ["ECS:server:createServer"] });
new fg.DmsTrigger("queue", { functionUrn, queueId: "queue-1", consumerGroupId: "group-1" });
new fg.EventGridTrigger("grid", {
  functionUrn,
  channelId: "channel-1",
  bucket: "uploads",
  eventTypes: [fg.EventGridEvent.CreatedByPut],
});
new fg.IotDaTrigger("things", { functionUrn, instanceId: "iot-1", resource: "device.property", event: secret(1) });
`;

/** How many secrets the program has. */
export const SECRETS = 17;
