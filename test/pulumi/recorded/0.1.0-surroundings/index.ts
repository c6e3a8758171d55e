import * as pulumi from "@pulumi/pulumi";
import * as fg from "fungraph";

/*
 * The program whose stack is recorded beside it: a network with a way out, file systems, a function that is in all of
 * them, and the triggers of what lies in a network. It never changes.
 */

const shop = new fg.Vpc("shop", {
  range: "10.1.0.0/16",
  subnets: [
    { name: "front", range: "10.1.1.0/24" },
    { name: "back", range: "10.1.2.0/24" },
  ],
  zones: [
    {
      name: "shop.internal",
      records: [
        { name: "db", addresses: ["10.1.2.5"] },
        { name: "data", alias: "db.shop.internal" },
      ],
    },
  ],
});
void new fg.NatGateway("out", { vpcId: shop.vpcId, address: "203.0.113.7" });
const files = new fg.FileSystem("files");
const reports = new fg.FileSystem("reports", { nfs: { server: "nfs.shop.internal", path: "/exports" } });
const helper = new fg.Agency("helper", { role: fg.Role.ReadOnly });
const hello = new fg.Function("hello", {
  runtime: fg.Runtime.NodeJs20,
  handler: "index.handler",
  code: "./hello",
  configurationAgency: helper.agencyName,
  network: shop.subnet("front"),
  fileSystems: { mounts: [files.at("/mnt/files"), reports.at("/mnt/reports")] },
  tags: { team: "orders" },
});
const { functionUrn } = hello;
const password = pulumi.secret("s3cret");
void new fg.KafkaTrigger("kafka", {
  functionUrn,
  instanceId: "kafka-1",
  topics: ["orders"],
  user: "shop",
  password,
});
void new fg.OpenSourceKafkaTrigger("broker", { functionUrn, address: "10.1.1.6:9092", topics: ["orders"] });
