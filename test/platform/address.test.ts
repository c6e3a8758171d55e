import { expect, test } from "vitest";

import { Client } from "../../client/client.ts";
import type { ApigEventData } from "../../model/trigger.ts";
import { dataFolder } from "./support.ts";

const CODE = `exports.handler = async (event, context) => ({ statusCode: 200, headers: {}, isBase64Encoded: false, body: "hi" });`;
const DATA: ApigEventData = {
  name: "hello",
  path: "/hello",
  protocol: "HTTP",
  req_method: "ANY",
  group_id: "DEFAULT",
  match_mode: "NORMAL",
  env_name: "RELEASE",
  env_id: "release",
  auth: "NONE",
  func_info: { timeout: 5000 },
};

test("a platform on all addresses tells each caller the address that this caller came by", async () => {
  await using folder = await dataFolder();
  const platform = await folder.start({ host: "0.0.0.0", poolSize: 0 });
  const { endpoint } = platform.facts;
  expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const urn = await platform.deploy("hello", CODE);
  const { id } = await platform.client.triggers.create(urn, {
    type: "APIG",
    status: "ACTIVE",
    eventData: { ...DATA },
  });
  const byName = new Client({ ...platform.facts, endpoint: endpoint.replace("127.0.0.1", "localhost") });
  for (const [client, address] of [
    [platform.client, endpoint],
    [byName, endpoint.replace("127.0.0.1", "localhost")],
  ] as const) {
    const { url = "" } = await client.triggers.get(urn, "APIG", id);
    expect(url).toBe(`${address}/hello`);
    expect(await (await fetch(url)).text()).toBe("hi");
  }
  byName.close();
});

test("a configured public address is the one that is told", async () => {
  await using folder = await dataFolder();
  const publicUrl = "https://functions.example.com";
  const platform = await folder.start({ publicUrl, poolSize: 0 });
  const urn = await platform.deploy("hello", CODE);
  const made = await platform.client.triggers.create(urn, {
    type: "APIG",
    status: "ACTIVE",
    eventData: { ...DATA },
  });
  expect(made.url).toBe(`${publicUrl}/hello`);
});
