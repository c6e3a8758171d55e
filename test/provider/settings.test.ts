import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Transport } from "../../client/transport.ts";
import { writeZip } from "../../packaging/zip.ts";
import { memoryFile } from "../../packaging/code-file.ts";
import type { Live, Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { TestPlatform } from "./platform.ts";

let platform: TestPlatform;
let functionUrn: string;
beforeAll(async () => {
  platform = await TestPlatform.start();
  await platform.create(await platform.function("hello", "one"));
  functionUrn = platform.urn("hello");
  await platform.client.versions.publish(functionUrn, { name: "v1" });
});
afterAll(() => platform[Symbol.asyncDispose]());

function logic(kind: string): ResourceLogic {
  const found = resources[`fungraph:index:${kind}`];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

async function create(kind: string, given: Properties): Promise<Live<Properties>> {
  const { inputs, faults } = logic(kind).check(given);
  expect(faults).toEqual([]);
  return await logic(kind).create(platform.context, inputs);
}

async function update(kind: string, live: Live<Properties>, given: Properties): Promise<Live<Properties>> {
  const { inputs } = logic(kind).check(given);
  return { id: live.id, state: await logic(kind).update(platform.context, live.id, live.state, inputs) };
}

/** Reads it as a refresh does and as an import does, which knows nothing but the id. */
async function expectRead(kind: string, live: Live<Properties>, hidden: Properties = {}): Promise<void> {
  expect(await logic(kind).read(platform.context, live.id, live.state)).toEqual(live);
  const imported = await logic(kind).read(platform.context, live.id, {});
  expect(imported).toEqual({ ...live, state: { ...live.state, ...hidden } });
}

async function expectGone(kind: string, live: Live<Properties>): Promise<void> {
  await logic(kind).delete(platform.context, live.id, live.state);
  expect(await logic(kind).read(platform.context, live.id, live.state)).toBeUndefined();
  await logic(kind).delete(platform.context, live.id, live.state);
}

describe("reserved instances", () => {
  const policy = {
    name: "day",
    cron: "0 0 8 * * *",
    count: 2,
    startTime: 1_800_000_000,
    expiredTime: 1_900_000_000,
  };

  test("are set, read, taken over after an interruption, changed and ended", async () => {
    const given = { functionUrn: functionUrn.replace("latest", "v1"), count: 1, policies: [policy] };
    const made = await create("ReservedInstances", given);
    await expectRead("ReservedInstances", made);
    expect(await create("ReservedInstances", given)).toEqual(made);
    const changed = await update("ReservedInstances", made, {
      ...given,
      policies: [{ ...policy, count: 3 }],
    });
    await expectRead("ReservedInstances", changed);
    await expectGone("ReservedInstances", changed);
  });

  test("of somebody else are left alone", async () => {
    const urn = functionUrn.replace("latest", "v1");
    await platform.client.reservedInstances.put(urn, { count: 2, idleMode: false, policies: [] });
    await expect(create("ReservedInstances", { functionUrn: urn, count: 1 })).rejects.toThrow(
      "has reserved instances already",
    );
    await platform.client.reservedInstances.put(urn, { count: 0, idleMode: false, policies: [] });
  });

  test("fails with every fault at once, a policy below the base count among them", () => {
    const policies = [{ ...policy, count: 1, cron: "never" }];
    const { faults } = logic("ReservedInstances").check({ functionUrn, count: 2, policies });
    expect(faults.map(({ property }) => property)).toEqual(["policies[0].cron", "policies[0].count"]);
  });
});

describe("settings of asynchronous calls", () => {
  test("are set, read, taken over after an interruption, changed and deleted", async () => {
    const given = { functionUrn, maxRetries: 3, onFailure: functionUrn.replace("latest", "v1") };
    const made = await create("AsyncInvoke", given);
    expect(made.state).toMatchObject({ maxAgeSeconds: 3600, statusLog: false });
    await expectRead("AsyncInvoke", made);
    expect(await create("AsyncInvoke", given)).toEqual(made);
    const changed = await update("AsyncInvoke", made, { functionUrn, maxAgeSeconds: 60 });
    await expectRead("AsyncInvoke", changed);
    await expectGone("AsyncInvoke", changed);
  });

  test("tell a topic, read it back, and change to a function", async () => {
    const { running } = platform;
    const transport = new Transport(running);
    const path = `/fungraph/v1/projects/${running.projectId}/topics`;
    await transport.send({ method: "POST", path, body: { name: "alarms" } });
    transport.close();
    const topicUrn = `urn:smn:${running.region}:${running.projectId}:alarms`;
    const given = { functionUrn, onFailureTo: { topicUrn } };
    const made = await create("AsyncInvoke", given);
    await expectRead("AsyncInvoke", made);
    expect(await create("AsyncInvoke", given)).toEqual(made);
    const next = { functionUrn, onFailure: functionUrn.replace("latest", "v1") };
    const changed = await update("AsyncInvoke", made, next);
    await expectRead("AsyncInvoke", changed);
    expect(logic("AsyncInvoke").diff(made.state, changed.state).changes).toEqual([
      { property: "onFailure", kind: "update" },
      { property: "onFailureTo", kind: "update" },
    ]);
    await expectGone("AsyncInvoke", changed);
  });

  test("say what a bucket needs that this platform does not have", async () => {
    const given = { functionUrn, onSuccessTo: { bucket: "results", prefix: "ok/", expiresDays: 3 } };
    await expect(create("AsyncInvoke", given)).rejects.toThrow("on_success");
  });

  test("fails with every fault at once", () => {
    const { faults } = logic("AsyncInvoke").check({ functionUrn: "hello", maxRetries: 4, maxAgeSeconds: 0 });
    expect(faults.map(({ property }) => property)).toEqual(["functionUrn", "maxRetries", "maxAgeSeconds"]);
  });
});

async function dependency(text: string): Promise<Properties> {
  const archive = await writeZip([memoryFile("library.js", Buffer.from(`exports.text = "${text}";\n`))]);
  return { name: "library", runtime: "Node.js20.15", description: "", ...platform.keep(archive) };
}

describe("a dependency", () => {
  test("is published, taken over, published anew when it changes, used and deleted", async () => {
    const given = await dependency("one");
    const made = await create("Dependency", given);
    expect(made.state).toMatchObject({ name: "library", version: 1 });
    await expectRead("Dependency", made, { codeArchive: "" });
    expect(await create("Dependency", given)).toEqual(made);
    const other = await dependency("two");
    expect(logic("Dependency").diff(made.state, other).replace).toContain("codeEtag");
    const next = await create("Dependency", other);
    expect(next.state).toMatchObject({ dependencyId: made.state["dependencyId"], version: 2 });
    const used = await platform.function("user", "one", { dependencies: [next.state["versionId"]] });
    await platform.create(used);
    await expect(logic("Dependency").delete(platform.context, next.id, next.state)).rejects.toThrow(
      "FSS.1033",
    );
    await expectGone("Dependency", made);
    const fn = platform.urn("user");
    const live = { id: fn, state: { ...logic("Function").check(used).inputs, functionUrn: fn } };
    const { dependencies: _none, ...without } = used;
    await update("Function", live, without);
    expect((await platform.client.functions.get("user")).spec.dependencies).toBeUndefined();
    await expectGone("Dependency", next);
  });
});

describe("a test event", () => {
  test("is saved, read, taken over after an interruption, changed and deleted", async () => {
    const given = { functionUrn, name: "order", event: '{"amount": 1}' };
    const made = await create("TestEvent", given);
    await expectRead("TestEvent", made);
    expect(await create("TestEvent", given)).toEqual(made);
    await expect(create("TestEvent", { ...given, event: "{}" })).rejects.toThrow("Choose another eventName");
    const changed = await update("TestEvent", made, { ...given, event: '{"amount": 2}' });
    await expectRead("TestEvent", changed);
    await expectGone("TestEvent", changed);
  });

  test("fails when the event is no JSON", () => {
    const { faults } = logic("TestEvent").check({ functionUrn, name: "order", event: "{" });
    expect(faults.map(({ property }) => property)).toEqual(["event"]);
  });
});
