import { createHash, randomBytes } from "node:crypto";

import { expect, test } from "vitest";

import { SmallDisk } from "../store/fixtures.ts";
import { functionBody, TestApi, zip } from "./fixtures.ts";

test("a function is created, read, listed, changed and deleted as the API says", async () => {
  await using api = await TestApi.start();
  const created = await api.create("demo", {
    description: "one",
    user_data: '{"A":"1"}',
    encrypted_user_data: '{"SECRET":"hunter2"}',
    initializer_handler: "index.init",
    initializer_timeout: 5,
  });
  expect(created.status).toBe(200);
  expect(created.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  expect(created.headers.get("x-cff-request-id")).toBe(created.headers.get("x-request-id"));
  expect(created.body).toMatchObject({
    func_urn: api.urn("demo", "latest"),
    func_name: "demo",
    package: "default",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 3,
    memory_size: 128,
    cpu: 300,
    code_type: "zip",
    version: "latest",
    user_data: '{"A":"1"}',
    encrypted_user_data: '{"SECRET":""}',
    initializer_handler: "index.init",
  });
  expect(created.body["resource_id"]).toMatch(/^[0-9a-f-]{36}:demo$/);
  const archive = Buffer.from(await zip("exports.handler = async () => 1;"), "base64");
  expect(created.body["digest"]).toBe(createHash("sha512").update(archive).digest("hex"));

  const config = await api.call("GET", `/functions/${api.urn("demo")}/config`);
  expect(config).toMatchObject({ status: 200, body: created.body });
  const changed = await api.call("PUT", `/functions/${api.urn("demo", "latest")}/config`, {
    func_name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 30,
    memory_size: 256,
    encrypted_user_data: '{"SECRET":"","OTHER":"x"}',
  });
  expect(changed).toMatchObject({ status: 200, body: { timeout: 30, memory_size: 256, description: "one" } });
  const key = { projectId: api.credential.projectId, package: "default", name: "demo" };
  expect(api.store.functions.find(key)?.spec.encryptedEnvironment).toEqual({ SECRET: "hunter2", OTHER: "x" });

  const code = await api.call("GET", `/functions/${api.urn("demo")}/code`);
  expect(Buffer.from(code.body["func_code"]?.["file"] ?? "", "base64")).toEqual(archive);

  const deleted = await api.call("DELETE", `/functions/${api.urn("demo")}`);
  expect(deleted).toMatchObject({ status: 204, body: undefined });
  expect(await api.call("GET", `/functions/${api.urn("demo")}/config`)).toMatchObject({
    status: 404,
    body: { error_code: "FSS.1051" },
  });
});

test("inline code comes back as the source it was sent as", async () => {
  await using api = await TestApi.start();
  const source = Buffer.from("exports.handler = async () => 'inline';").toString("base64");
  const created = await api.create("demo", { code_type: "inline", func_code: { file: source } });
  expect(created.body).toMatchObject({ code_type: "inline", code_filename: "index.zip" });
  const code = await api.call("GET", `/functions/${api.urn("demo")}/code`);
  expect(code.body["func_code"]?.["file"]).toBe(source);
});

test("lists are cut into pages and filtered", async () => {
  await using api = await TestApi.start();
  for (const name of ["a1", "a2", "b1", "b2", "b3"]) {
    expect((await api.create(name, { package: name.startsWith("a") ? "first" : "second" })).status).toBe(200);
  }
  const names = async (query: string): Promise<unknown> => {
    const { body } = await api.call("GET", `/functions${query}`);
    return [body["functions"]?.map((one) => one["func_name"]), body["next_marker"], body["count"]];
  };
  expect(await names("")).toEqual([["a1", "a2", "b1", "b2", "b3"], 5, 5]);
  expect(await names("?maxitems=2")).toEqual([["a1", "a2"], 2, 5]);
  expect(await names("?marker=2&maxitems=2")).toEqual([["b1", "b2"], 4, 5]);
  expect(await names("?marker=9")).toEqual([[], 5, 5]);
  expect(await names("?package_name=first")).toEqual([["a1", "a2"], 2, 2]);
  expect(await names("?func_name=2")).toEqual([["a2", "b2"], 2, 2]);
  expect(await api.call("GET", "/functions?maxitems=none")).toMatchObject({
    status: 400,
    body: { error_code: "FSS.1001", error_msg: expect.stringContaining('maxitems is "none"') },
  });
});

test("code is replaced; the same code again is FSS.0409, which deploying clients take for success", async () => {
  await using api = await TestApi.start();
  const created = await api.create("demo");
  const path = `/functions/${api.urn("demo")}/code`;
  const update = {
    code_type: "zip",
    code_filename: "new.zip",
    func_code: { file: await zip("exports.handler = 2") },
  };
  const updated = await api.call("PUT", path, update);
  expect(updated).toMatchObject({ status: 200, body: { code_filename: "new.zip" } });
  expect(updated.body["digest"]).not.toBe(created.body["digest"]);
  expect(await api.call("PUT", path, update)).toMatchObject({
    status: 409,
    body: { error_code: "FSS.0409" },
  });
});

test("a configuration that is the same already is no change", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const heard: string[] = [];
  api.store.onChange((key) => heard.push(key));
  const path = `/functions/${api.urn("demo")}/config`;
  const body = {
    func_name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 3,
    memory_size: 128,
  };
  expect((await api.call("PUT", path, body)).status).toBe(200);
  expect(heard).toEqual([]);
  expect((await api.call("PUT", path, { ...body, timeout: 4 })).status).toBe(200);
  expect(heard).toHaveLength(1);
});

test("a function is disabled by no instances and enabled by some", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}/config-max-instance`;
  for (const count of [0, -1, 1000]) {
    const { status, body } = await api.call("PUT", path, { max_instance_num: count });
    expect([status, body["strategy_config"]?.["concurrency"]]).toEqual([200, count]);
  }
  expect(await api.call("PUT", path, { max_instance_num: 1001 })).toMatchObject({
    status: 400,
    body: { error_code: "FSS.1026" },
  });
});

test("all faults of one body come in one answer", async () => {
  await using api = await TestApi.start();
  const { status, body } = await api.create("9wrong-", {
    memory_size: 100,
    timeout: 1,
    runtime: "Node.js99",
    user_data: "{",
    func_vpc: { vpc_id: "x", subnet_id: "" },
  });
  expect(status).toBe(400);
  for (const part of ["func_name", "memory_size", "timeout", "runtime", "user_data", "func_vpc.subnet_id"]) {
    expect(body["error_msg"]).toContain(`${part}:`);
  }
});

test.each([
  ["a name that is taken", {}, 409, "FSS.1061"],
  ["no code", { func_name: "x", func_code: undefined }, 400, "FSS.1012"],
  ["code that is no Base64", { func_name: "x", func_code: { file: "%%%" } }, 400, "FSS.1011"],
  [
    "an archive that is none",
    { func_name: "x", func_code: { file: Buffer.alloc(100, 7).toString("base64") } },
    400,
    "FSS.1011",
  ],
  ["an unknown code type", { func_name: "x", code_type: "tar" }, 400, "FSS.1006"],
  [
    "inline code over 10 KB",
    { func_name: "x", code_type: "inline", func_code: { file: Buffer.alloc(10_241).toString("base64") } },
    413,
    "FSS.1072",
  ],
  [
    "a link",
    { func_name: "x", code_type: "obs", code_url: "http://127.0.0.1/x.zip", func_code: {} },
    400,
    "FSS.1010",
  ],
  ["an archive without the entry file", { func_name: "x", handler: "main.handler" }, 400, "FSS.1011"],
  ["an entry file without the function", { func_name: "x", handler: "index.other" }, 400, "FSS.1003"],
])("fails on %s", async (_what, change, status, code) => {
  await using api = await TestApi.start();
  await api.create("demo");
  const { status: got, body } = await api.create("demo", change);
  expect([got, body["error_code"], body["error_msg"]]).toEqual([
    status,
    code,
    expect.stringMatching(/\.( \(FSS|$)|\)$/),
  ]);
  expect(api.store.functions.count(api.credential.projectId)).toBe(1);
  expect(api.log).toEqual([]);
});

test("fails beyond the limits of the project, and says the limit", async () => {
  await using api = await TestApi.start({ limits: { functions: 2, totalCodeBytes: 1000 } });
  await api.create("one");
  await api.create("two");
  expect(await api.create("three")).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1041", error_msg: expect.stringContaining("2 functions") },
  });
  const large = { code_type: "zip", func_code: { file: await zip(bigSource()) } };
  expect(await api.call("PUT", `/functions/${api.urn("one")}/code`, large)).toMatchObject({
    status: 403,
    body: { error_code: "FSS.1042", error_msg: expect.stringContaining("1000 bytes") },
  });
});

test("an archive of 51 MB is refused with FSS.1071, one of more than a request may have with FSS.0413", async () => {
  await using api = await TestApi.start();
  const body = await functionBody("demo");
  const file = Buffer.alloc(51 * 1024 * 1024).toString("base64");
  expect(await api.call("POST", "/functions", { ...body, func_code: { file } })).toMatchObject({
    status: 413,
    body: { error_code: "FSS.1071" },
  });
  expect(await api.call("POST", "/functions", Buffer.alloc(90 * 1024 * 1024, 32))).toMatchObject({
    status: 413,
    body: { error_code: "FSS.0413" },
  });
});

test("of two that create one function at the same time one succeeds", async () => {
  await using api = await TestApi.start();
  const answers = await Promise.all([api.create("demo"), api.create("demo"), api.create("demo")]);
  expect(answers.map((one) => one.status).sort((a, b) => a - b)).toEqual([200, 409, 409]);
});

test.skipIf(!SmallDisk.possible)(
  "a full disk is FSS.1302, and the platform goes on with what it has",
  async () => {
    using disk = new SmallDisk("1m");
    await using api = await TestApi.start({ dataDir: disk.path });
    expect((await api.create("small")).status).toBe(200);
    const noise = randomBytes(900_000).toString("base64");
    const file = await zip(`exports.handler = () => 1; // ${noise}`);
    expect(await api.create("large", { func_code: { file } })).toMatchObject({
      status: 500,
      body: { error_code: "FSS.1302", error_msg: expect.stringContaining("disk of the data folder is full") },
    });
    expect(await api.call("GET", "/functions")).toMatchObject({ status: 200, body: { count: 1 } });
  },
);

/** Source that does not compress below 1,000 bytes. */
function bigSource(): string {
  const noise = Array.from({ length: 200 }, (_, index) =>
    createHash("sha256").update(String(index)).digest("base64"),
  ).join("\n");
  return `exports.handler = () => 1; /* ${noise} */`;
}
