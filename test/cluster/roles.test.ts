import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { Cluster } from "./members.ts";

describe.skipIf(!POSTGRES_HERE)("two gateways and two schedulers", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
  }, 200_000);
  afterAll(() => cluster[Symbol.asyncDispose]());

  test("a function that was deployed through one gateway is called through both", async () => {
    const [one, other] = cluster.of("gateway");
    const urn = await one?.process.deploy("hello", 'exports.handler = async (event, context) => "hello";');
    for (const gateway of [one, other]) {
      const answer = await gateway?.process.client.invocations.invoke(urn ?? "", "{}");
      expect(answer?.result.toString()).toBe('"hello"');
    }
  });
});
