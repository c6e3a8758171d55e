import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Live, Properties, ResourceLogic } from "../../provider/resource.ts";
import { ownerOf } from "../../provider/owner.ts";
import { resources } from "../../provider/resources.ts";
import { TestPlatform } from "./platform.ts";

let platform: TestPlatform;
beforeAll(async () => {
  platform = await TestPlatform.start();
});
afterAll(() => platform[Symbol.asyncDispose]());

function logic(kind: string): ResourceLogic {
  const found = resources[`fungraph:index:${kind}`];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

const ANNA = ownerOf({ urn: "urn:pulumi:dev::shop::fungraph:index:Function::fn", accessKey: "anna" });
const OTHERS = [
  ownerOf({ urn: "urn:pulumi:prod::shop::fungraph:index:Function::fn", accessKey: "anna" }),
  ownerOf({ urn: "urn:pulumi:dev::shop::fungraph:index:Function::other", accessKey: "anna" }),
  ownerOf({ urn: "urn:pulumi:dev::shop::fungraph:index:Function::fn", accessKey: "bert" }),
  undefined,
];

function createAs(owner: string | undefined, kind: string, given: Properties): Promise<Live<Properties>> {
  const { inputs, faults } = logic(kind).check(given);
  expect(faults).toEqual([]);
  return logic(kind).create({ ...platform.context, owner }, inputs);
}

describe("a function that an interrupted run has made", () => {
  test("is its maker's whatever the code is by now, and nobody else's", async () => {
    await createAs(ANNA, "Function", await platform.function("left", "one"));
    const edited = await platform.function("left", "two", { memoryMb: 256 });
    for (const other of OTHERS)
      await expect(createAs(other, "Function", edited)).rejects.toThrow(
        "another function of that name already, with other code",
      );
    expect(await platform.call("left")).toEqual({ text: "one" });
    const made = await createAs(ANNA, "Function", edited);
    expect(await platform.call(made.id)).toEqual({ text: "two" });
    expect((await platform.client.functions.get(made.id)).spec.memoryMb).toBe(256);
  });

  test("is its maker's when the runtime is another one by now", async () => {
    await createAs(ANNA, "Function", await platform.function("rewritten", "one"));
    const edited = await platform.function("rewritten", "two", { runtime: "Node.js18.15" });
    const made = await createAs(ANNA, "Function", edited);
    expect((await platform.client.functions.get(made.id)).spec.runtime).toBe("Node.js18.15");
  });

  test("with the same code is not taken over by another declaration, which is told how to", async () => {
    const given = await platform.function("twin", "one");
    const { id } = await createAs(ANNA, "Function", given);
    await expect(createAs(OTHERS[0], "Function", given)).rejects.toThrow(
      `made for another declaration. Choose another functionName, delete that function first, or take it over: ` +
        `\`pulumi import fungraph:index:Function NAME ${id}\`. (FSS.1061)`,
    );
    expect((await createAs(ANNA, "Function", given)).id).toBe(id);
  });

  test.each([
    ["Version", { name: "v1" }],
    ["Alias", { name: "prod", version: "latest" }],
    ["TimerTrigger", { name: "hourly", scheduleType: "Rate", schedule: "1h" }],
  ])("with a %s is finished work, which nobody replaces", async (kind, more) => {
    const name = `finished-${kind}`;
    const { id: functionUrn } = await createAs(ANNA, "Function", await platform.function(name, "one"));
    await createAs(ANNA, kind, { functionUrn, ...more });
    await expect(createAs(ANNA, "Function", await platform.function(name, "two"))).rejects.toThrow(
      "with other code",
    );
    expect(await platform.call(name)).toEqual({ text: "one" });
  });
});

interface Pair {
  readonly named: Live<Properties>;
  readonly second: Live<Properties>;
}

async function pair(name: string): Promise<Pair> {
  const { id: functionUrn } = await createAs(ANNA, "Function", await platform.function(name, "one"));
  const named = await createAs(ANNA, "Version", { functionUrn, name: "v1", description: "first" });
  const second = await createAs(ANNA, "Version", { functionUrn, contentDigest: "a" });
  expect(second.state).toMatchObject({ version: "v1", shared: true });
  return { named, second };
}

async function drop({ id, state }: Live<Properties>): Promise<void> {
  await logic("Version").delete(platform.context, id, state);
  // A run that was killed right after says it again.
  await logic("Version").delete(platform.context, id, state);
}

async function isThere({ id }: Live<Properties>): Promise<boolean> {
  return (await logic("Version").read(platform.context, id, {})) !== undefined;
}

describe("a version that two resources stand for", () => {
  test("stays when the first one goes, and goes with the second", async () => {
    const { named, second } = await pair("dropped");
    await createAs(ANNA, "Alias", { functionUrn: named.state["functionUrn"], name: "prod", version: "v1" });
    await drop(named);
    expect(await isThere(second)).toBe(true);
    expect(await platform.call(`${second.id.replace(/:v1$/, "")}:!prod`)).toEqual({ text: "one" });
    await platform.client.aliases.delete(String(named.state["functionUrn"]), "prod");
    await drop(second);
    expect(await isThere(second)).toBe(false);
  });

  test("stays when the second one goes, and goes with the first", async () => {
    const { named, second } = await pair("kept");
    await drop(second);
    expect(await isThere(named)).toBe(true);
    await drop(named);
    expect(await isThere(named)).toBe(false);
  });

  test("stays when the first one went and came back", async () => {
    const { named, second } = await pair("back");
    await drop(named);
    const { functionUrn } = named.state;
    const again = await createAs(ANNA, "Version", { functionUrn, name: "v1", description: "first" });
    expect(again).toEqual(named);
    await drop(second);
    expect(await isThere(again)).toBe(true);
    await drop(again);
    expect(await isThere(again)).toBe(false);
  });

  test("leaves no tag that its function would have to declare", async () => {
    const given = await platform.function("noted", "one", { tags: { team: "orders" } });
    const made = await createAs(ANNA, "Function", given);
    await createAs(ANNA, "Version", { functionUrn: made.id, name: "v1" });
    const { state, id } = await createAs(ANNA, "Version", { functionUrn: made.id, contentDigest: "a" });
    expect(await logic("Function").read(platform.context, made.id, made.state)).toEqual(made);
    const retagged = { ...logic("Function").check(given).inputs, tags: { team: "stock" } };
    await logic("Function").update(platform.context, made.id, made.state, retagged);
    await logic("Version").delete(platform.context, id.replace(/[^:]+$/, "v1"), { ...state, shared: false });
    expect(await isThere({ id, state })).toBe(true);
  });

  test("is read as each of them was declared", async () => {
    const { named, second } = await pair("read");
    for (const each of [named, second])
      expect(await logic("Version").read(platform.context, each.id, each.state)).toEqual(each);
  });
});
