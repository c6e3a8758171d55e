import { expect, test } from "vitest";

import { TestApi, zip } from "./fixtures.ts";

async function changed(api: TestApi, name = "demo"): Promise<void> {
  const file = await zip(`exports.handler = ${Math.random()}`);
  const { status } = await api.call("PUT", `/functions/${api.urn(name)}/code`, {
    code_type: "zip",
    func_code: { file },
  });
  expect(status).toBe(200);
}

async function publish(api: TestApi, version: string): Promise<void> {
  const { status } = await api.call("POST", `/functions/${api.urn("demo")}/versions`, { version });
  expect(status).toBe(200);
  await changed(api);
}

test("versions are published, listed newest first after latest, read and deleted", async () => {
  await using api = await TestApi.start();
  const created = await api.create("demo");
  const path = `/functions/${api.urn("demo")}/versions`;
  const first = await api.call("POST", path, {
    version: "v1",
    description: "first",
    digest: created.body["digest"],
  });
  expect(first).toMatchObject({
    status: 200,
    body: { func_urn: api.urn("demo", "v1"), version: "v1", version_description: "first" },
  });
  await changed(api);
  const second = await api.call("POST", path, {});
  expect(second.body["version"]).toMatch(/^v\d{8}-\d{6}$/);
  const list = await api.call("GET", path);
  expect(list.body["versions"]?.map((one) => one["version"])).toEqual([
    "latest",
    second.body["version"],
    "v1",
  ]);
  expect(list.body["count"]).toBe(3);
  expect((await api.call("GET", `/functions/${api.urn("demo", "v1")}/config`)).body["digest"]).toBe(
    created.body["digest"],
  );
  expect((await api.call("DELETE", `/functions/${api.urn("demo", "v1")}`)).status).toBe(204);
  expect(await api.call("GET", `/functions/${api.urn("demo", "v1")}/config`)).toMatchObject({
    status: 404,
    body: { error_code: "FSS.1052" },
  });
});

test("publishing fails on a taken name, nothing changed, another digest, latest, and beyond ten", async () => {
  await using api = await TestApi.start({ limits: { versionsPerFunction: 2 } });
  await api.create("demo");
  const post = async (body: unknown): Promise<unknown> => {
    const answer = await api.call("POST", `/functions/${api.urn("demo")}/versions`, body);
    return [answer.status, answer.body["error_code"]];
  };
  expect(await post({ version: "v1" })).toEqual([200, undefined]);
  expect(await post({ version: "v1" })).toEqual([409, "FSS.1062"]);
  expect(await post({ version: "v2" })).toEqual([400, "FSS.1016"]);
  await changed(api);
  expect(await post({ version: "v2", digest: "0".repeat(128) })).toEqual([400, "FSS.1011"]);
  expect(await post({ version: "latest" })).toEqual([400, "FSS.1015"]);
  expect(await post({ version: "v2" })).toEqual([200, undefined]);
  await changed(api);
  expect(await post({ version: "v3" })).toEqual([400, "FSS.0400"]);
});

test("a published version never changes, latest is never deleted alone", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  await publish(api, "v1");
  const config = {
    func_name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 9,
    memory_size: 128,
  };
  for (const [path, body] of [
    ["config", config],
    ["config-max-instance", { max_instance_num: 0 }],
    ["code", { code_type: "zip", func_code: { file: await zip("1") } }],
  ] as const) {
    expect(await api.call("PUT", `/functions/${api.urn("demo", "v1")}/${path}`, body)).toMatchObject({
      status: 400,
      body: { error_code: "FSS.1015" },
    });
  }
  expect(await api.call("DELETE", `/functions/${api.urn("demo", "latest")}`)).toMatchObject({
    status: 400,
    body: { error_code: "FSS.1015" },
  });
  expect((await api.call("GET", `/functions/${api.urn("demo")}/config`)).status).toBe(200);
});

test("aliases are made, listed at top level, read, moved and deleted", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  for (const version of ["v1", "v2"]) await publish(api, version);
  const path = `/functions/${api.urn("demo")}/aliases`;
  const created = await api.call("POST", path, { name: "prod", version: "v1", description: "d" });
  expect(created).toMatchObject({
    status: 200,
    body: { name: "prod", version: "v1", description: "d", alias_urn: api.urn("demo", "!prod") },
  });
  const moved = await api.call("PUT", `${path}/prod`, {
    version: "v2",
    additional_version_weights: { v1: 20 },
  });
  expect(moved).toMatchObject({
    status: 200,
    body: { version: "v2", additional_version_weights: { v1: 20 } },
  });
  expect((await api.call("GET", `${path}/prod`)).body).toEqual(moved.body);
  expect((await api.call("GET", path)).body).toEqual([moved.body]);
  expect((await api.call("GET", `/functions/${api.urn("demo", "!prod")}/config`)).body["version"]).toBe("v2");
  expect(await api.call("DELETE", `/functions/${api.urn("demo", "v1")}`)).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1094" },
  });
  expect((await api.call("DELETE", `${path}/prod`)).status).toBe(204);
  expect(await api.call("GET", `${path}/prod`)).toMatchObject({
    status: 404,
    body: { error_code: "FSS.1053" },
  });
});

test.each([
  [{ name: "prod", version: "v1" }, 409, "FSS.1063"],
  [{ name: "x", version: "v9" }, 404, "FSS.1052"],
  [{ name: "x", version: "v1", additional_version_weights: { v9: 5 } }, 400, "FSS.1091"],
  [{ name: "x", version: "v1", additional_version_weights: { v1: 5 } }, 400, "FSS.1093"],
  [{ name: "x", version: "v1", additional_version_weights: { latest: 5 } }, 400, "FSS.1091"],
  [{ name: "x", version: "v1", additional_version_weights: { v2: 101 } }, 400, "FSS.1092"],
  [{ name: "!", version: "v1" }, 400, "FSS.1014"],
  [{ name: "second", version: "v1" }, 403, "FSS.1043"],
])("an alias fails: %j", async (body, status, code) => {
  await using api = await TestApi.start({
    limits: { aliasesPerFunction: code === "FSS.1043" ? 1 : 10 },
  });
  await api.create("demo");
  for (const version of ["v1", "v2"]) await publish(api, version);
  const path = `/functions/${api.urn("demo")}/aliases`;
  await api.call("POST", path, { name: "prod", version: "v1" });
  const answer = await api.call("POST", path, body);
  expect([answer.status, answer.body["error_code"]]).toEqual([status, code]);
});
