import { expect, test } from "vitest";

import { Client } from "../../client/client.ts";
import { normalizeFunction } from "../../model/function.ts";
import { TestApi, zip } from "./fixtures.ts";

test("the project's own client reads every answer of the control plane", async () => {
  await using api = await TestApi.start();
  const { projectId, accessKey, secretKey } = api.credential;
  const client = new Client({ endpoint: api.url, projectId, accessKey, secretKey });
  const spec = normalizeFunction({ name: "demo", runtime: "Node.js20.15", handler: "index.handler" });
  const file = Buffer.from(await zip("exports.handler = async () => 1;"), "base64");
  const created = await client.functions.create(spec, { type: "zip", file });
  expect(created).toMatchObject({ urn: api.urn("demo", "latest"), spec });
  expect(await client.functions.list()).toEqual([created]);
  const version = await client.versions.publish(created.urn, { name: "v1", description: "first" });
  expect((await client.versions.list(created.urn)).map((one) => one.version)).toEqual(["latest", "v1"]);
  const alias = await client.aliases.create(created.urn, {
    name: "prod",
    version: version.version,
    description: "",
  });
  expect(await client.aliases.get(created.urn, "prod")).toEqual(alias);
  const trigger = await client.triggers.create(alias.urn, {
    type: "TIMER",
    status: "ACTIVE",
    eventData: { name: "t", schedule_type: "Rate", schedule: "1m" },
  });
  expect(await client.triggers.get(alias.urn, "TIMER", trigger.id)).toEqual(trigger);
  const event = await client.testEvents.create(created.urn, "hello", "e30=");
  expect((await client.testEvents.list(created.urn)).map((one) => one.id)).toEqual([event.id]);
  client.close();
});
