import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { sign } from "../../model/signature.ts";
import { openArchive } from "../../packaging/archive.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import { writeZip } from "../../packaging/zip.ts";
import { officialClient } from "../support/sdk.ts";
import { TestApi } from "./fixtures.ts";

const CONFIG = {
  description: "demo of exports",
  timeout: 30,
  memory_size: 256,
  user_data: '{"A":"1"}',
  encrypted_user_data: '{"TOKEN":"very secret"}',
  initializer_handler: "index.init",
  initializer_timeout: 5,
  strategy_config: { concurrency: 7, concurrent_num: 3 },
};

async function download(
  api: TestApi,
  path: string,
): Promise<{ name: string; bytes: Buffer; status: number }> {
  const whole = api.root + path;
  const [pathOnly = "", query = ""] = whole.split("?");
  const request = { method: "GET", path: pathOnly, query, headers: { host: api.host }, body: "" };
  const response = await fetch(api.url + whole, { headers: sign(request, api.credential) });
  const name = /filename="(.+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "";
  return { name, status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

function upload(api: TestApi, bytes: Buffer, change: Record<string, unknown> = {}) {
  const file = { file_name: "demo.zip", file_type: "zip", file_code: bytes.toString("base64") };
  return api.call("POST", "/functions/import", { func_name: "demo", ...file, ...change });
}

async function configOf(api: TestApi) {
  return (await api.call("GET", `/functions/${api.urn("demo")}/config`)).body as Record<string, unknown>;
}

function packTexts(files: Record<string, string>): Promise<Buffer> {
  return writeZip(Object.entries(files).map(([name, text]) => memoryFile(name, Buffer.from(text))));
}

async function names(bytes: Buffer): Promise<string[]> {
  return [...(await openArchive("export", bytes)).tree.keys()];
}

test("what one platform exports another imports, with the same code and configuration", async () => {
  await using here = await TestApi.start();
  await using there = await TestApi.start();
  await here.create("demo", CONFIG);
  const { name, bytes } = await download(here, `/functions/${here.urn("demo")}/export?config=true&code=true`);
  const code = await here.call("GET", `/functions/${here.urn("demo")}/code`);
  const archive = Buffer.from(String(code.body["func_code"]?.["file"]), "base64");
  expect(name).toBe(`demo_${createHash("md5").update(archive).digest("hex")}.zip`);
  expect(bytes.includes("very secret")).toBe(false);

  const imported = await upload(there, bytes);
  expect(imported.status).toBe(200);
  const { func_urn, func_id, resource_id, namespace, last_modified, ...known } = await configOf(here);
  expect(await configOf(there)).toMatchObject(known);
  expect(func_urn).not.toBe(imported.body["func_urn"]);
  expect(await upload(there, bytes)).toMatchObject({ status: 409, body: { error_code: "FSS.1061" } });
  const again = await upload(there, bytes, { func_name: "other", package: "team" });
  expect(again.body["func_urn"]).toContain(":function:team:other:latest");
  expect([func_id, resource_id, namespace, last_modified]).not.toContain(undefined);
});

test("inline code travels as its source, and a published version as it was", async () => {
  await using api = await TestApi.start();
  const source = "exports.handler = async () => 'first';";
  const file = Buffer.from(source).toString("base64");
  await api.create("demo", { code_type: "inline", func_code: { file } });
  await api.call("POST", `/functions/${api.urn("demo")}/versions`, { version: "v1" });
  await api.call("PUT", `/functions/${api.urn("demo")}/config`, {
    func_name: "demo",
    runtime: "Node.js20.15",
    handler: "index.handler",
    timeout: 77,
  });
  const { bytes } = await download(api, `/functions/${api.urn("demo", "v1")}/export`);
  const imported = await upload(api, bytes, { func_name: "copy" });
  expect(imported).toMatchObject({ status: 200, body: { code_type: "inline", timeout: 3 } });
  const code = await api.call("GET", `/functions/${api.urn("copy")}/code`);
  expect(Buffer.from(String(code.body["func_code"]?.["file"]), "base64").toString()).toBe(source);
});

test("configuration or code can be exported alone, which is no whole function to import", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}/export`;
  const config = await download(api, `${path}?config=true`);
  const code = await download(api, `${path}?type=code`);
  expect(await names(config.bytes)).toEqual(["demo.yaml"]);
  expect(await names(code.bytes)).toEqual(["index.zip"]);
  expect(await upload(api, config.bytes)).toMatchObject({ status: 400, body: { error_code: "FSS.1012" } });
  expect(await upload(api, code.bytes)).toMatchObject({ status: 400, body: { error_code: "FSS.1025" } });
  for (const query of ["config=maybe", "type=both", "config=false&code=false"])
    expect((await download(api, `${path}?${query}`)).status).toBe(400);
  expect((await download(api, `/functions/${api.urn("none")}/export`)).status).toBe(404);
});

test("fails to import what is no export, telling why", async () => {
  await using api = await TestApi.start({ limits: { zipBytes: 4096 } });
  const code = async (bytes: Buffer, change = {}) => {
    const answer = await upload(api, bytes, change);
    expect(answer.status).toBeLessThan(500);
    return answer.body["error_code"];
  };
  expect(await code(Buffer.from("no zip"))).toBe("FSS.1011");
  expect(await code(await packTexts({ "a.yaml": "x: 1", "b.yml": "x: 1", code: "" }))).toBe("FSS.1022");
  expect(await code(await packTexts({ "a.yaml": "- {", code: "" }))).toBe("FSS.1025");
  expect(await code(await packTexts({ "a.yaml": "text", code: "" }))).toBe("FSS.1025");
  expect(await code(await packTexts({ "a.yaml": "runtime: Nope", code: "x" }))).toBe("FSS.1005");
  expect(await code(Buffer.alloc(5000))).toBe("FSS.1023");
  expect(await code(Buffer.alloc(5), { file_type: "tar" })).toBe("FSS.1013");
  expect(await code(Buffer.alloc(5), { file_code: "§" })).toBe("FSS.1011");
  expect(await code(Buffer.alloc(5), { func_name: 5, file_code: null })).toBe("FSS.1002");
  expect(api.log).toEqual([]);
});

test("a caller exports one function at a time", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const path = `/functions/${api.urn("demo")}/export`;
  const all = await Promise.all(Array.from({ length: 10 }, () => download(api, path)));
  const statuses = new Set(all.map(({ status }) => status));
  expect(statuses.has(200)).toBe(true);
  expect([...statuses].every((status) => status === 200 || status === 429)).toBe(true);
  expect((await download(api, path)).status).toBe(200);
});

test("the official client exports and imports", async () => {
  await using api = await TestApi.start();
  await api.create("demo");
  const client = officialClient({ endpoint: api.url, ...api.credential });
  const urn = { function_urn: api.urn("demo"), config: true, code: true };
  expect(await client.exportFunction(urn as never)).toMatchObject({ httpStatusCode: 200 });
  const { bytes } = await download(api, `/functions/${api.urn("demo")}/export`);
  const body = {
    func_name: "copy",
    file_name: "a.zip",
    file_type: "zip",
    file_code: bytes.toString("base64"),
  };
  expect(await client.importFunction({ body } as never)).toMatchObject({ func_name: "copy" });
});
