import { expect, test } from "vitest";

import { officialClient } from "../support/sdk.ts";
import { TestApi } from "./fixtures.ts";

test("triggers of all functions are listed page by page, each with its function", async () => {
  await using api = await TestApi.start();
  for (const name of ["one", "two"]) {
    await api.create(name);
    const timer = { name: "tick", schedule_type: "Rate", schedule: "3m" };
    const body = { trigger_type_code: "TIMER", event_data: timer };
    expect((await api.call("POST", `/triggers/${api.urn(name)}`, body)).status).toBe(201);
  }
  const first = await api.call("GET", "/triggers?maxitems=1");
  expect(first.body).toMatchObject({
    triggers: [{ trigger_type_code: "TIMER", func_urn: api.urn("one", "latest") }],
    next_marker: 1,
  });
  const second = await api.call("GET", "/triggers?maxitems=1&marker=1");
  expect(second.body["triggers"]?.[0]?.["func_urn"]).toBe(api.urn("two", "latest"));
  const project = await api.send("POST", "/fungraph/v1/projects", { name: "team" });
  const pair = await api.send("POST", "/fungraph/v1/projects/team/credentials", {});
  const other = { accessKey: pair.body["access_key"] ?? "", secretKey: pair.body["secret_key"] ?? "" };
  const path = `/v2/${String(project.body["id"])}/fgs/triggers`;
  expect((await api.send("GET", path, undefined, other)).body).toEqual({ triggers: [], next_marker: 0 });
});

test("runtimes, trigger types, features and agencies are told as they are here", async () => {
  await using api = await TestApi.start();
  const list = async (path: string) => (await api.call("GET", path)).body;
  expect(await list("/runtimetypes")).toContainEqual({ type: "Python3.12", display_name: "Python3.12" });
  expect(await list("/triggertypes")).toEqual(expect.arrayContaining(["TIMER", "APIG", "KAFKA", "OBS"]));
  expect(await list("/feature")).toMatchObject({ reserved_instance: true, custom_image: false });
  expect(await list("/service-trusted-agencies")).toEqual([]);
});

test("the official client opens and closes an entry from a private network; bridges there are none", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const client = officialClient({ endpoint: api.url, ...api.credential });
  const entry = { vpc_id: "vpc-1", subnet_id: "net-1" };
  const made = await client.createVpcEndpoint({ body: entry } as never);
  expect(made).toMatchObject({ endpoints: [api.url], address: "127.0.0.1" });
  expect(await client.deleteVpcEndpoint(entry as never)).toMatchObject({ httpStatusCode: 204 });
  await expect(client.deleteVpcEndpoint(entry as never)).rejects.toMatchObject({ errorCode: "FSS.0404" });
  await expect(
    client.createVpcEndpoint({ body: { vpc_id: "", subnet_id: "?" } } as never),
  ).rejects.toMatchObject({ errorCode: "FSS.1036", errorMsg: expect.stringContaining("subnet_id") });
  const urn = { function_urn: api.urn("demo") };
  expect(Array.from((await client.listBridgeFunctions(urn as never)) as never)).toEqual([]);
  expect(Array.from((await client.listBridgeVersions({ type: "http" } as never)) as never)).toEqual([]);
});
