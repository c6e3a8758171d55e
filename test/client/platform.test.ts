import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiError, hasCode, isConflict, isMissing } from "../../client/api-error.ts";
import { Client } from "../../client/client.ts";
import { normalizeFunction } from "../../model/function.ts";
import { packCode } from "../../packaging/pack.ts";
import { type RunningPlatform, startPlatform } from "../../platform/main.ts";

const ENTRY = { runtime: "Node.js20.15", handler: "index.handler" };
const SOURCE = `exports.handler = async (event, context) => {
  console.log("got", JSON.stringify(event));
  if (event.fail) throw new Error("as you wish");
  return { echo: event, memory: Number(context.getMemorySize()) };
};
`;

let folder: string;
let platform: RunningPlatform;
let client: Client;
let archive: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fungraph-client-"));
  platform = await startPlatform({ dataDir: join(folder, "data"), isolation: "bare", poolSize: 0 });
  client = new Client(platform);
  await mkdir(join(folder, "code"));
  await writeFile(join(folder, "code", "index.js"), SOURCE);
  ({ archive } = await packCode({ ...ENTRY, code: "code", root: folder }));
  await create("echo");
});

afterAll(async () => {
  client.close();
  await platform.close();
  await rm(folder, { recursive: true, force: true });
});

function create(name: string): Promise<unknown> {
  const spec = normalizeFunction({ name, ...ENTRY, dynamicMemory: true });
  return client.functions.create(spec, { type: "zip", file: archive, filename: "index.zip" });
}

describe("invocations", () => {
  test("the result as it is, with the facts beside it", async () => {
    const found = await client.invocations.invoke("echo", '{"a":1}', { tail: true });
    expect(JSON.parse(found.result.toString())).toEqual({ echo: { a: 1 }, memory: 128 });
    expect(found).toMatchObject({ failed: false, errorCode: 0, summary: { memorySize: 128 } });
    expect(found.requestId).not.toBe("");
    expect(found.log).toContain('got {"a":1}');
    expect(found.log).toContain(found.requestId);
  });

  test("wrapped", async () => {
    const found = await client.invocations.invokeWrapped("echo", '{"a":1}', { tail: true });
    expect(JSON.parse(found.result.toString())).toEqual({ echo: { a: 1 }, memory: 128 });
    expect(found).toMatchObject({ failed: false, status: 200 });
    expect(found.log).toContain('got {"a":1}');
  });

  test("with another memory", async () => {
    const found = await client.invocations.invoke("echo", "{}", { memoryMb: 512 });
    expect(JSON.parse(found.result.toString())).toMatchObject({ memory: 512 });
    expect(found.summary?.memorySize).toBe(512);
  });

  test("a failure of the function is a result", async () => {
    const found = await client.invocations.invoke("echo", '{"fail":true}');
    expect(found).toMatchObject({ failed: true, errorCode: 4002 });
    expect(found.result.toString()).toContain("as you wish");
  });

  test("asynchronous: an id", async () => {
    expect(await client.invocations.invokeAsync("echo", "{}")).toMatch(/^[\w-]{8,}$/);
  });

  test("of nothing", async () => {
    const error = await client.invocations.invoke("nobody", "{}").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(isMissing(error) && hasCode(error, "FSS.1051")).toBe(true);
  });
});

describe("functions", () => {
  test("lists all of them", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `many-${index}`);
    for (const name of names) await create(name);
    const found = await client.functions.list();
    expect(found.map(({ spec }) => spec.name)).toEqual(expect.arrayContaining(["echo", ...names]));
    for (const name of names) await client.functions.delete(name);
    expect(await client.functions.list()).toHaveLength(1);
  });

  test("refusals carry the platform's code, sentence and request id", async () => {
    const error = await create("echo").catch((reason: unknown) => reason);
    expect(isConflict(error)).toBe(true);
    expect(error).toMatchObject({ code: "FSS.1061", status: 409 });
    expect((error as ApiError).requestId).not.toBe("");
  });

  test("a wrong secret key is refused, and is not in the sentence", async () => {
    const stranger = new Client({ ...platform, secretKey: "wr0ng" });
    const error = await stranger.functions.list().catch((reason: unknown) => reason);
    stranger.close();
    expect(error).toMatchObject({ status: 401 });
    expect(String(error)).not.toContain("wr0ng");
  });
});

test("test events", async () => {
  const content = Buffer.from('{"key":"value"}').toString("base64");
  const { id } = await client.testEvents.create("echo", "first", content);
  expect(await client.testEvents.get("echo", id)).toMatchObject({ id, name: "first", content });
  const changed = Buffer.from("{}").toString("base64");
  await client.testEvents.update("echo", id, changed);
  expect((await client.testEvents.get("echo", id)).content).toBe(changed);
  expect((await client.testEvents.list("echo")).map(({ name }) => name)).toEqual(["first"]);
  await client.testEvents.delete("echo", id);
  expect(await client.testEvents.list("echo")).toEqual([]);
});

test("versions, aliases and triggers are listed", async () => {
  const { urn, version } = await client.versions.publish("echo", { name: "v1", description: "first" });
  expect(version).toBe("v1");
  expect((await client.versions.list("echo")).map((each) => each.version)).toEqual(["latest", "v1"]);
  await client.aliases.create("echo", { name: "prod", version: "v1", description: "" });
  expect((await client.aliases.list("echo")).map(({ spec }) => spec.name)).toEqual(["prod"]);
  expect(await client.triggers.list("echo")).toEqual([]);
  expect(JSON.parse((await client.invocations.invoke("echo:!prod", "{}")).result.toString())).toMatchObject({
    echo: {},
  });
  await client.versions.delete(urn);
  expect(await client.aliases.list("echo")).toEqual([]);
});
