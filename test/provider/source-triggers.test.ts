import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sourceFromWire, type SourceField } from "../../model/event-source.ts";
import { EVENT_SOURCES, type SourceType } from "../../model/event-sources.ts";
import type { Live, Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { EVENT_DATA } from "../support/event-data.ts";
import { TestPlatform } from "./platform.ts";

let platform: TestPlatform;
let functionUrn: string;
beforeAll(async () => {
  platform = await TestPlatform.start();
  await platform.create(await platform.function("hello", "one"));
  functionUrn = platform.urn("hello");
});
afterAll(() => platform[Symbol.asyncDispose]());

async function create(logic: ResourceLogic, given: Properties): Promise<Live<Properties>> {
  const { inputs, faults } = logic.check(given);
  expect(faults).toEqual([]);
  return await logic.create(platform.context, inputs);
}

describe.each(Object.keys(EVENT_SOURCES) as SourceType[])("%s", (type) => {
  const source = EVENT_SOURCES[type];
  const fields: readonly SourceField[] = source.fields;
  const logic = resources[`fungraph:index:${source.component}`] as ResourceLogic;
  const settings = sourceFromWire(source, EVENT_DATA[type]);

  test("is created, read, imported, taken over after an interruption, switched, tuned and deleted", async () => {
    const given = { functionUrn, ...settings };
    const made = await create(logic, given);
    expect(await logic.read(platform.context, made.id, made.state)).toEqual(made);
    expect(await create(logic, given)).toEqual(made);

    const imported = await logic.read(platform.context, `${functionUrn}/${made.id}`, {});
    const { [secretOf(fields)]: _secret, ...shown } = made.state;
    expect(imported).toEqual({ id: made.id, state: shown });

    const tuned = fields.find(({ tunable }) => tunable === true);
    const next = {
      ...given,
      ...(source.canBeDisabled && { enabled: false }),
      ...(tuned && { [tuned.name]: 7 }),
    };
    const { inputs } = logic.check(next);
    expect(logic.diff(made.state, inputs).replace).toEqual([]);
    const state = await logic.update(platform.context, made.id, made.state, inputs);
    expect(await logic.read(platform.context, made.id, state)).toEqual({ id: made.id, state });
    expect(logic.diff(state, inputs).changes).toEqual([]);

    await logic.delete(platform.context, made.id, state);
    expect(await logic.read(platform.context, made.id, state)).toBeUndefined();
    await logic.delete(platform.context, made.id, state);
  });

  test("each setting is one line of a diff; only tunable ones change in place", () => {
    const before = logic.check({ functionUrn, ...settings }).inputs;
    for (const field of fields) {
      const { changes } = logic.diff(before, { ...before, [field.name]: "another" });
      const kind = field.tunable === true ? "update" : "replace";
      expect(changes).toEqual([{ property: field.name, kind }]);
    }
  });

  test("believes what is not known yet, and says what is secret", () => {
    const unknown = Object.fromEntries(fields.map(({ name }) => [name, UNKNOWN]));
    expect(logic.check({ functionUrn: UNKNOWN, ...unknown }).faults).toEqual([]);
    expect(logic.secrets).toEqual(fields.filter(({ secret }) => secret).map(({ name }) => name));
  });

  test("fails when it misses something", () => {
    const { faults } = logic.check({ functionUrn });
    expect(faults.length).toBeGreaterThan(0);
  });
});

function secretOf(fields: readonly SourceField[]): string {
  return fields.find(({ secret }) => secret)?.name ?? "";
}

describe("an HTTP trigger", () => {
  const logic = resources["fungraph:index:HttpTrigger"] as ResourceLogic;

  test.each([
    ["a dedicated gateway", { gateway: "DEDICATEDGATEWAY", instanceId: "gateway-1" }],
    ["an integration platform", { gateway: "APIC" }],
    ["a stage", { stage: { name: "TEST", id: "stage-1" } }],
    ["nobody's waiting", { asynchronous: true }],
  ])("of %s is created, read, imported and deleted", async (_what, more) => {
    const given = { functionUrn, name: "photo", path: "/photo", ...more };
    const made = await create(logic, given);
    expect(await logic.read(platform.context, made.id, made.state)).toEqual(made);
    expect(await logic.read(platform.context, `${functionUrn}/${made.id}`, {})).toEqual(made);
    await logic.delete(platform.context, made.id, made.state);
    expect(await logic.read(platform.context, made.id, made.state)).toBeUndefined();
  });

  test("of a dedicated gateway names its instance", () => {
    const { faults } = logic.check({ functionUrn, name: "photo", path: "/", gateway: "DEDICATEDGATEWAY" });
    expect(faults).toMatchObject([{ property: "instanceId", code: "FSS.1107" }]);
    const other = logic.check({ functionUrn, name: "photo", path: "/", gateway: "NGINX" });
    expect(other.faults).toMatchObject([{ property: "gateway", code: "FSS.1101" }]);
  });
});
