import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Live, Properties, ResourceLogic } from "../../provider/resource.ts";
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

/** Checks and creates, as a driver does. */
async function create(kind: string, given: Properties): Promise<Live<Properties>> {
  const { inputs, faults } = logic(kind).check(given);
  expect(faults).toEqual([]);
  return logic(kind).create(platform.context, inputs);
}

async function update(kind: string, live: Live<Properties>, given: Properties): Promise<Live<Properties>> {
  const { inputs } = logic(kind).check(given);
  const state = await logic(kind).update(platform.context, live.id, live.state, inputs);
  return { id: live.id, state };
}

describe("a function", () => {
  test("is created, read, changed and deleted", async () => {
    const first = await platform.function("hello", "one", { environment: { A: "1" } });
    const made = await create("Function", first);
    expect(made.id).toMatch(/^urn:fss:local:[0-9a-f]+:function:default:hello:latest$/);
    expect(made.state).toMatchObject({ functionUrn: made.id, functionName: "hello", version: "latest" });
    expect(await platform.call(made.id)).toEqual({ text: "one" });

    const second = await platform.function("hello", "two", { environment: { A: "1" } });
    const recoded = await update("Function", made, second);
    expect(await platform.call(made.id)).toEqual({ text: "two" });

    const third = { ...second, environment: { A: "2" }, concurrency: 7, memoryMb: 256 };
    const changed = await update("Function", recoded, third);
    const read = await logic("Function").read(platform.context, changed.id, changed.state);
    expect(read).toEqual(changed);
    expect(logic("Function").diff(read?.state ?? {}, logic("Function").check(third).inputs).changes).toEqual(
      [],
    );

    await logic("Function").delete(platform.context, changed.id, changed.state);
    expect(await logic("Function").read(platform.context, changed.id, changed.state)).toBeUndefined();
    await logic("Function").delete(platform.context, changed.id, changed.state);
  });

  test("keeps its secrets: they arrive, they are not shown, they are read back from what is known", async () => {
    const secret = { encryptedEnvironment: { TOKEN: "s3cret" } };
    const made = await create("Function", await platform.function("keeper", "one", secret));
    expect(made.state["encryptedEnvironment"]).toEqual(secret.encryptedEnvironment);
    const shown = await platform.client.functions.get(made.id);
    expect(JSON.stringify(shown)).not.toContain("s3cret");
    const read = await logic("Function").read(platform.context, made.id, made.state);
    expect(read).toEqual(made);
  });

  test("is taken over when an interrupted run has made it, and brought to what is declared", async () => {
    const given = await platform.function("orphan", "one");
    const before = await create("Function", given);
    const again = await create("Function", { ...given, memoryMb: 512 });
    expect(again.id).toBe(before.id);
    expect((await platform.client.functions.get("orphan")).spec.memoryMb).toBe(512);
  });

  test("is changed again when the answer to its new code was lost", async () => {
    const made = await create("Function", await platform.function("lost", "one"));
    const next = await platform.function("lost", "two");
    await update("Function", made, next);
    await update("Function", made, next);
    expect(await platform.call(made.id)).toEqual({ text: "two" });
  });

  test("fails when another function has the name", async () => {
    await create("Function", await platform.function("taken", "one"));
    const other = logic("Function").check(await platform.function("taken", "other")).inputs;
    await expect(logic("Function").create(platform.context, other)).rejects.toThrow(
      'Function "taken": the platform has another function of that name already, with other code. ' +
        "Choose another functionName, delete that function first, or take it over: `pulumi import",
    );
    expect(await platform.call("taken")).toEqual({ text: "one" });
  });
});

describe("versions and aliases", () => {
  test("a grey release: a named version stays, an unnamed one follows", async () => {
    const fn = await create("Function", await platform.function("shop", "one"));
    const functionUrn = fn.id;
    const v1 = await create("Version", { functionUrn, name: "v1", description: "first" });
    expect(v1.state).toMatchObject({ version: "v1", versionUrn: functionUrn.replace(/latest$/, "v1") });
    await update("Function", fn, await platform.function("shop", "two"));
    const current = await create("Version", { functionUrn, contentDigest: "b" });
    expect(current.state["version"]).toMatch(/^v\d{8}-\d{6}$/);
    expect(await platform.call(v1.id)).toEqual({ text: "one" });
    expect(await platform.call(current.id)).toEqual({ text: "two" });

    const target = { functionUrn, name: "prod", version: "v1" };
    const alias = await create("Alias", target);
    expect(await platform.call(alias.id)).toEqual({ text: "one" });
    const grey = { ...target, additional: { version: current.state["version"], weight: 100 } };
    const moved = await update("Alias", alias, grey);
    expect(await platform.call(alias.id)).toEqual({ text: "two" });
    expect(await logic("Alias").read(platform.context, moved.id, moved.state)).toEqual(moved);

    await expect(logic("Version").delete(platform.context, v1.id, v1.state)).rejects.toThrow(
      'Version "v1": the alias "prod" points to it, and would go with it.',
    );
    await platform.client.versions.delete(v1.id);
    expect(await logic("Alias").read(platform.context, moved.id, moved.state)).toBeUndefined();
    const back = await update("Alias", moved, { ...target, version: current.state["version"] });
    expect(await logic("Alias").read(platform.context, back.id, back.state)).toEqual(back);
    await logic("Alias").delete(platform.context, back.id, back.state);
    await logic("Alias").delete(platform.context, back.id, back.state);
    await logic("Version").delete(platform.context, current.id, current.state);
    await logic("Version").delete(platform.context, current.id, current.state);
    expect(await logic("Version").read(platform.context, current.id, current.state)).toBeUndefined();
  });

  test("an unnamed version of unchanged content shares the one that is there, and does not delete it", async () => {
    const { id: functionUrn } = await create("Function", await platform.function("still", "one"));
    const named = await create("Version", { functionUrn, name: "v1" });
    const shared = await create("Version", { functionUrn, contentDigest: "a" });
    expect(shared.state).toMatchObject({ version: "v1", shared: true });
    await logic("Version").delete(platform.context, shared.id, shared.state);
    expect(await logic("Version").read(platform.context, named.id, named.state)).toEqual(named);
  });

  test("an interrupted run's versions and aliases are taken over, others are not touched", async () => {
    const fn = await create("Function", await platform.function("resumed", "one"));
    const functionUrn = fn.id;
    const named = { functionUrn, name: "v1", description: "first" };
    const before = await create("Version", named);
    expect(await create("Version", named)).toEqual(before);
    const alias = { functionUrn, name: "prod", version: "v1" };
    expect(await create("Alias", alias)).toEqual(await create("Alias", alias));
    await expect(create("Alias", { ...alias, version: "latest" })).rejects.toThrow("points elsewhere");
    await update("Function", fn, await platform.function("resumed", "two"));
    await expect(create("Version", named)).rejects.toThrow(
      'Version "v1": the function has a version of that name already',
    );
  });
});

describe("triggers", () => {
  test("HTTP: is created with its address, read, taken over and deleted", async () => {
    const fn = await create("Function", await platform.function("web", "one"));
    const given = { functionUrn: fn.id, name: "photo", path: "/photo/{id}", auth: "NONE", timeoutMs: 4000 };
    const made = await create("HttpTrigger", given);
    expect(made.state["url"]).toBe(`${platform.running.endpoint}/photo/{id}`);
    expect(await logic("HttpTrigger").read(platform.context, made.id, made.state)).toEqual(made);
    expect(await create("HttpTrigger", given)).toEqual(made);
    const taken = {
      ...given,
      functionUrn: (await create("Function", await platform.function("web2", "x"))).id,
    };
    await expect(create("HttpTrigger", taken)).rejects.toThrow("FSS.1147");
    await logic("HttpTrigger").delete(platform.context, made.id, made.state);
    await logic("HttpTrigger").delete(platform.context, made.id, made.state);
    expect(await logic("HttpTrigger").read(platform.context, made.id, made.state)).toBeUndefined();
  });

  test("timer: is created, switched off and on, taken over, deleted", async () => {
    const fn = await create("Function", await platform.function("clock", "one"));
    const given = { functionUrn: fn.id, name: "hourly", scheduleType: "Rate", schedule: "1h" };
    const made = await create("TimerTrigger", given);
    const off = await update("TimerTrigger", made, { ...given, enabled: false });
    expect(off.state["enabled"]).toBe(false);
    expect(await logic("TimerTrigger").read(platform.context, off.id, off.state)).toEqual(off);
    expect(await create("TimerTrigger", given)).toEqual(made);
    await expect(create("TimerTrigger", { ...given, schedule: "2h" })).rejects.toThrow("FSS.1148");
    await logic("TimerTrigger").delete(platform.context, made.id, made.state);
    expect(await logic("TimerTrigger").read(platform.context, made.id, made.state)).toBeUndefined();
  });

  test("on an alias stay there", async () => {
    const fn = await create("Function", await platform.function("aliased", "one"));
    const alias = await create("Alias", { functionUrn: fn.id, name: "prod", version: "latest" });
    const given = { name: "nightly", scheduleType: "Cron", schedule: "0 0 3 * * ?", userEvent: "x" };
    const onAlias = await create("TimerTrigger", { ...given, functionUrn: alias.id });
    const onLatest = await create("TimerTrigger", { ...given, functionUrn: fn.id });
    expect(onLatest.id).not.toBe(onAlias.id);
    expect(await logic("TimerTrigger").read(platform.context, onAlias.id, onAlias.state)).toEqual(onAlias);
    expect(await platform.client.triggers.list(fn.id)).toHaveLength(1);
  });
});
