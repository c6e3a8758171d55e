import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../provider/resource.ts";
import { KINDS, KindsApi, logicOf, type World } from "./kinds.ts";

/*
 * A run that was killed right after the platform had made something does not remember it. The next one is the same
 * declaration, and perhaps edited since; what anybody else made stays what it is.
 */

let kinds: KindsApi;
let world: World;
beforeAll(async () => {
  kinds = await KindsApi.start();
  world = await kinds.world();
});
afterAll(() => kinds[Symbol.asyncDispose]());

/** What is edited of each kind between the killed run and the next one; for a version that is what it is published from. */
const EDITS: Readonly<Record<string, Properties>> = {
  Vpc: { zones: [] },
  NatGateway: { address: "203.0.113.8" },
  FileSystem: { nfs: { server: "other.shop.internal", path: "/exports" } },
  Function: { memoryMb: 512 },
  Version: { description: "edited" },
  Alias: { version: "v1", additional: undefined },
  HttpTrigger: { path: "/greet/{whom}/", auth: "IAM" },
  TimerTrigger: { schedule: "2h" },
  ReservedInstances: { count: 2 },
  AsyncInvoke: { maxRetries: 0 },
  Agency: { role: "FunctionGraph CommonOperations" },
  TestEvent: { event: '{"order": 2}' },
  ObsTrigger: { events: ["s3:ObjectCreated:Put"], name: "edited" },
  SmnTrigger: { enabled: false },
  LtsTrigger: { logGroupName: "edited" },
  CtsTrigger: { operations: ["ECS:server:deleteServer"] },
  DmsTrigger: { pollingInterval: 60 },
  DisTrigger: { startAt: "TRIM_HORIZON", batchSize: 7 },
  EventGridTrigger: { eventTypes: ["OBS:DWR:ObjectRemoved:Delete"] },
  IotDaTrigger: { event: "edited" },
};
const OF_QUEUES: Properties = { batchSize: 7 };

/** A dependency's versions are numbered and stand in nobody's way. */
const IN_THE_WAY = KINDS.filter((kind) => kind !== "Dependency");

describe.each(IN_THE_WAY)("what a killed creation of %s left", { timeout: 120_000 }, (kind) => {
  test("is its own declaration's however that was edited, and nobody else's however alike", async () => {
    const given = await kinds.sample(kind, world);
    const left = await kinds.create(kind, given, "own");
    const before = await kinds.read(kind, left);
    const edited = { ...given, ...(EDITS[kind] ?? OF_QUEUES) };
    for (const wanted of [given, edited])
      for (const other of ["other", undefined])
        await expect(kinds.create(kind, wanted, other), JSON.stringify(wanted)).rejects.toThrow(/FSS\.\d{4}/);
    expect(await kinds.read(kind, left)).toEqual(before);

    expect((await kinds.create(kind, given, "own")).id).toBe(left.id);
    const made = await kinds.create(kind, edited, "own");
    const read = await kinds.read(kind, made);
    expect(read).toEqual(made);
    expect(logicOf(kind).diff(read?.state ?? {}, logicOf(kind).check(edited).inputs).changes).toEqual([]);
    // There is one, and it goes as a whole.
    await logicOf(kind).delete(kinds.context, made.id, made.state);
    expect(await kinds.read(kind, made)).toBeUndefined();
    expect(await kinds.read(kind, left)).toBeUndefined();
  });

  test("is left alone where it carries no mark and is not the same", async () => {
    const given = await kinds.sample(kind, world);
    const left = await kinds.create(kind, given);
    const edited = { ...given, ...(EDITS[kind] ?? OF_QUEUES) };
    // Whether a trigger runs does not make it another one, and tags and memory do not make another function.
    if (kind !== "SmnTrigger" && kind !== "Function")
      await expect(kinds.create(kind, edited, "own")).rejects.toThrow(/FSS\.\d{4}/);
    expect((await kinds.create(kind, given, "own")).id).toBe(left.id);
    await logicOf(kind).delete(kinds.context, left.id, left.state);
  });
});

test("a dependency that another declaration published is not shared", async () => {
  const given = await kinds.sample("Dependency", world);
  const first = await kinds.create("Dependency", given, "own");
  expect((await kinds.create("Dependency", given, "own")).id).toBe(first.id);
  const second = await kinds.create("Dependency", given, "other");
  expect(second.state).toMatchObject({ version: 2 });
  await logicOf("Dependency").delete(kinds.context, second.id, second.state);
  expect(await kinds.read("Dependency", first)).toEqual(first);
});

test("a version that something was built on is finished work, even its own declaration's", async () => {
  const { functionUrn } = await kinds.published("built");
  const named = { functionUrn, name: "v2", description: "one" };
  const { id } = await kinds.create("Version", named, "own");
  await kinds.create("Alias", { functionUrn, name: "live", version: "v2" }, "live");
  await expect(kinds.create("Version", { ...named, description: "two" }, "own")).rejects.toThrow(
    "is not what the function is now",
  );
  expect((await kinds.context.client.functions.get(id)).versionDescription).toBe("one");
});

test("a trigger of its own that is not in the way stays when another one's is", async () => {
  const { functionUrn } = world;
  const mine = await kinds.create("HttpTrigger", { functionUrn, name: "a", path: "/mine" }, "own");
  await kinds.create("HttpTrigger", { functionUrn, name: "b", path: "/theirs" }, "other");
  await expect(
    kinds.create("HttpTrigger", { functionUrn, name: "a", path: "/theirs" }, "own"),
  ).rejects.toThrow("FSS.1146");
  expect(await kinds.read("HttpTrigger", mine)).toEqual(mine);
});

test("a mark goes with what it is on: what comes after it is nobody's", async () => {
  const { functionUrn } = world;
  const given = { functionUrn, name: "gone", version: "latest" };
  await kinds.create("Alias", given, "own");
  const { aliases } = kinds.context.client;
  await aliases.delete(functionUrn, "gone");
  await aliases.create(functionUrn, { name: "gone", version: "v1", description: "" });
  await expect(kinds.create("Alias", given, "own")).rejects.toThrow("which points elsewhere");
});
