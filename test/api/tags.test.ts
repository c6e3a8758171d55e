import { expect, test } from "vitest";

import { officialClient } from "../support/sdk.ts";
import { TestApi } from "./fixtures.ts";

function tagsOf(api: TestApi, id: string) {
  return `/v2/${api.credential.projectId}/functions/${id}/tags`;
}

async function tagged(api: TestApi): Promise<void> {
  await api.create("one", { tags: '{"team":"a","stage":"test"}' });
  await api.create("two", { tags: '[{"key":"team","value":"b"}]' });
  await api.create("three");
}

test("tags are set at creation and later, replaced by key, listed, and taken off", async () => {
  await using api = await TestApi.start();
  await tagged(api);
  const tags = async (id: string) => (await api.send("GET", tagsOf(api, id))).body["tags"];
  expect(await tags(api.urn("one"))).toEqual([
    { key: "stage", value: "test" },
    { key: "team", value: "a" },
  ]);
  const path = tagsOf(api, api.urn("one"));
  const change = { action: "create", tags: [{ key: "team", value: "c" }, { key: "empty" }] };
  expect((await api.send("POST", `${path}/create`, change)).status).toBe(204);
  const off = { action: "delete", tags: [{ key: "stage" }, { key: "team", value: "other" }] };
  expect((await api.send("DELETE", `${path}/delete`, off)).status).toBe(204);
  const left = [
    { key: "empty", value: "" },
    { key: "team", value: "c" },
  ];
  expect(await tags(api.urn("one"))).toEqual(left);
  const { body } = await api.call("GET", `/functions/${api.urn("one")}/config`);
  expect(await tags(String(body["func_id"]))).toEqual(left);
  expect(await tags(String(body["resource_id"]))).toEqual(left);
  await api.call("DELETE", `/functions/${api.urn("one")}`);
  await api.create("one");
  expect(await tags(api.urn("one"))).toEqual([]);
});

test("functions are found and counted by their tags, their name, and having no tag", async () => {
  await using api = await TestApi.start();
  await tagged(api);
  const root = `/v2/${api.credential.projectId}/functions`;
  const find = async (body: unknown) => {
    const answer = await api.send("POST", `${root}/resource-instances/filter`, body);
    const count = await api.send("POST", `${root}/resource-instances/count`, body);
    expect(count.body).toEqual({ total_count: answer.body["total_count"] });
    return answer.body["resources"]?.map((one) => one["resource_name"]);
  };
  expect(await find({})).toEqual(["one", "three", "two"]);
  expect(await find({ tags: [{ key: "team", values: ["b", "z"] }] })).toEqual(["two"]);
  expect(await find({ tags: [{ key: "team", values: [] }, { key: "stage" }] })).toEqual(["one"]);
  expect(await find({ without_any_tag: true })).toEqual(["three"]);
  expect(await find({ matches: [{ key: "resource_name", value: "t" }] })).toEqual(["three", "two"]);
  expect(await find({ sys_tags: [{ key: "_sys_x", values: ["1"] }] })).toEqual([]);
  expect(await find({ limit: "1", offset: "1" })).toEqual(["three"]);
  const first = await api.send("POST", `${root}/resource-instances/filter`, { limit: 1 });
  expect(first.body["resources"]?.[0]).toMatchObject({
    resource_id: api.urn("one", "latest"),
    resource_detail: { detailId: api.urn("one", "latest") },
    tags: [{ key: "stage" }, { key: "team", value: "a" }],
    sys_tags: [],
  });
  expect((await api.send("GET", `${root}/tags`)).body).toEqual({
    tags: [
      { key: "stage", values: ["test"] },
      { key: "team", values: ["a", "b"] },
    ],
    sys_tags: [],
  });
});

test("fails for bad tags with every fault, for other resources, and beyond the limit", async () => {
  await using api = await TestApi.start({ limits: { tagsPerFunction: 2 } });
  await tagged(api);
  const root = `/v2/${api.credential.projectId}`;
  const post = async (path: string, body: unknown) => {
    const { status, body: answer } = await api.send("POST", `${root}/${path}`, body);
    return `${status} ${answer["error_code"]} ${answer["error_msg"]}`;
  };
  const create = `functions/${api.urn("one")}/tags/create`;
  const tags = [{ key: "a<b", value: " x" }, { key: "_sys_y", value: "1" }, { key: "" }];
  const all = await post(create, { action: "delete", tags, sys_tags: [{ key: "k" }] });
  for (const part of ["action", "sys_tags", "tags.0.key", "tags.0.value", "tags.1.key", "tags.2.key"])
    expect(all).toContain(part);
  expect(await post(create, {})).toContain("400 FSS.0400 tags");
  expect(await post(create, { tags: [{ key: "one more", value: "" }] })).toContain("3 tags");
  expect(await post(`cakes/x/tags/create`, { tags: [{ key: "a" }] })).toContain('"cakes" is no kind');
  expect(await post(`functions/nobody/tags/create`, { tags: [{ key: "a" }] })).toContain("404 FSS.1051");
  expect(await post("functions/resource-instances/eat", {})).toContain('"eat" is no action');
  expect(await post("functions/resource-instances/filter", { limit: "x", offset: -1 })).toContain("limit");
  expect(await api.create("four", { tags: "team=a" })).toMatchObject({ status: 400 });
  expect((await api.create("four", { tags: '{"a":"1","b":"2","c":"3"}' })).status).toBe(400);
  expect((await api.call("GET", `/functions/${api.urn("four")}/config`)).status).toBe(404);
});

test("the official client tags a function and finds it", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const client = officialClient({ endpoint: api.url, ...api.credential });
  const resource = { resource_type: "functions", resource_id: api.urn("demo") };
  const kv = { key: "team", value: "a" };
  await client.createTags({ ...resource, body: { action: "create", tags: [kv] } } as never);
  expect(await client.listFunctionTags(resource as never)).toMatchObject({ tags: [kv] });
  expect(await client.showProjectTagsList({ resource_type: "functions" } as never)).toMatchObject({
    tags: [{ key: "team", values: ["a"] }],
  });
  const search = { resource_type: "functions", action: "count", body: { without_any_tag: true } };
  expect(await client.showResInstanceInfo(search as never)).toMatchObject({ total_count: 0 });
  await client.deleteTags({ ...resource, body: { action: "delete", tags: [kv] } } as never);
  expect(await client.listFunctionTags(resource as never)).toMatchObject({ tags: [] });
});
