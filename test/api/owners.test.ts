import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../../client/client.ts";
import { TestApi } from "./fixtures.ts";

const [OWNER, OTHER] = ["a".repeat(40), "b".repeat(40)] as const;

let api: TestApi;
let client: Client;
let target: string;
beforeAll(async () => {
  api = await TestApi.start();
  client = new Client({ endpoint: api.url, ...api.credential });
  await api.create("hello");
  target = api.urn("hello", "latest");
});
afterAll(async () => {
  client.close();
  await api[Symbol.asyncDispose]();
});

const ALIAS = { name: "prod", version: "latest", description: "" };

describe("the mark of an owner", () => {
  test("is left by whoever makes a thing in an owner's name, and by nobody else", async () => {
    const { aliases, owners } = client;
    const thing = { kind: "alias", target, name: "prod" } as const;
    await aliases.create(target, ALIAS);
    expect(await owners.find(thing)).toBeUndefined();
    await aliases.delete(target, "prod");
    await client.inNameOf(OWNER).aliases.create(target, ALIAS);
    expect(await owners.find(thing)).toBe(OWNER);
    // Who changes a thing has not made it.
    await aliases.update(target, { ...ALIAS, description: "changed" });
    await client.inNameOf(OTHER).aliases.update(target, ALIAS);
    expect(await owners.find(thing)).toBe(OWNER);
    await aliases.delete(target, "prod");
    expect(await owners.find(thing)).toBeUndefined();
  });

  test("goes with its function", async () => {
    await api.create("short");
    const thing = { kind: "alias", target: api.urn("short", "latest"), name: "prod" } as const;
    await client.inNameOf(OWNER).aliases.create(thing.target, ALIAS);
    await client.functions.delete(api.urn("short"));
    expect(await client.owners.find(thing)).toBeUndefined();
  });

  test("stays on an agency that gets another role", async () => {
    await client.inNameOf(OWNER).agencies.put({ name: "helper", role: "FunctionGraph ReadOnlyAccess" });
    await client.agencies.put({ name: "helper", role: "FunctionGraph FullAccess" });
    expect(await client.owners.find({ kind: "agency", name: "helper" })).toBe(OWNER);
    expect(await client.owners.find({ kind: "agency", name: "nobody" })).toBeUndefined();
  });

  test("is not told to another project", async () => {
    const { body: project } = await api.send("POST", "/fungraph/v1/projects", { name: "other" });
    const { body: pair } = await api.send(
      "POST",
      `/fungraph/v1/projects/${String(project["id"])}/credentials`,
      {},
    );
    const stranger = { accessKey: String(pair["access_key"]), secretKey: String(pair["secret_key"]) };
    await client.inNameOf(OWNER).agencies.put({ name: "shy", role: "FunctionGraph ReadOnlyAccess" });
    const ask = (query: string): ReturnType<TestApi["send"]> =>
      api.send("GET", `/fungraph/v1/owner?${query}`, undefined, stranger);
    expect((await ask("kind=agency&name=shy")).body).toEqual({});
    expect((await ask(`kind=alias&name=prod&target=${encodeURIComponent(target)}`)).body).toMatchObject({
      error_code: "FSS.0403",
    });
  });
});

test.each([
  ["a kind that is none", "kind=cat&name=prod", "FSS.0400"],
  ["a function that is not there", "kind=alias&name=prod&target=nobody", "FSS.1051"],
])("fails for %s", async (_what, query, code) => {
  const { body } = await api.send("GET", `/fungraph/v1/owner?${query}`);
  expect(body).toMatchObject({ error_code: code });
});

test.each(["A".repeat(40), "anna", "a".repeat(65)])("fails for the owner %s", async (owner) => {
  await expect(client.inNameOf(owner).aliases.create(target, { ...ALIAS, name: "never" })).rejects.toThrow(
    "X-Fungraph-Owner",
  );
  expect((await client.aliases.list(target)).map(({ spec }) => spec.name)).not.toContain("never");
});

test("a facility that carries a mark is nobody else's, however alike", async () => {
  const files = { name: "files" };
  const { id } = await client.inNameOf(OWNER).fileSystems.create(files);
  expect((await client.inNameOf(OWNER).fileSystems.create(files)).id).toBe(id);
  await expect(client.inNameOf(OTHER).fileSystems.create(files)).rejects.toThrow("FSS.0409");
  expect(await client.fileSystems.list()).toEqual([{ id, spec: files }]);
});
