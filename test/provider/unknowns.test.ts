import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Properties } from "../../provider/resource.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { methods, type ProviderProcess, wire } from "./engine.ts";
import { KINDS, type KindsApi, logicOf, plain, type World } from "./kinds.ts";
import { KindsProvider, urnOf } from "./kinds-provider.ts";

/*
 * In a preview anything may be unknown. Of every kind, every input is so once, as a whole and leaf by leaf: it is believed,
 * it is told as a change, and what the preview says of the outputs is what the platform answers later, or unknown.
 */

let platform: KindsProvider;
let kinds: KindsApi;
let world: World;
let provider: ProviderProcess;
beforeAll(async () => {
  platform = await KindsProvider.start();
  ({ kinds, world, provider } = platform);
}, 60_000);
afterAll(() => platform[Symbol.asyncDispose]());

async function check(kind: string, given: Properties): Promise<{ inputs: Properties; faults: string[] }> {
  const request = new proto.CheckRequest().setUrn(urnOf(kind)).setNews(wire({ ...given }));
  const reply = await provider.call(methods.check, request);
  const faults = reply.getFailuresList().map((one) => `${one.getProperty()}: ${one.getReason()}`);
  return { inputs: reply.getInputs()?.toJavaScript() ?? {}, faults };
}

async function changed(kind: string, old: Properties, next: Properties): Promise<string[]> {
  const request = new proto.DiffRequest().setUrn(urnOf(kind)).setOlds(wire({ ...old }));
  return (await provider.call(methods.diff, request.setNews(wire({ ...next })))).getDiffsList();
}

/** What a preview says that a new one will have. */
async function predicted(kind: string, inputs: Properties): Promise<Properties> {
  const request = new proto.CreateRequest().setUrn(urnOf(kind)).setPreview(true);
  const reply = await provider.call(methods.create, request.setProperties(wire({ ...inputs })));
  expect(reply.getId()).toBe("");
  return plain(reply.getProperties()?.toJavaScript()) as Properties;
}

/** What a preview says that a changed one will have. */
async function updated(kind: string, old: Properties, inputs: Properties): Promise<Properties> {
  const request = new proto.UpdateRequest().setUrn(urnOf(kind)).setPreview(true).setId("id");
  const reply = await provider.call(
    methods.update,
    request.setOlds(wire({ ...old })).setNews(wire({ ...inputs })),
  );
  return plain(reply.getProperties()?.toJavaScript()) as Properties;
}

/** The value with something in it unknown: as a whole, and each leaf once. */
function unknownIn(value: unknown): unknown[] {
  const parts =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, part]) =>
          unknownIn(part).map((one) =>
            Array.isArray(value) ? value.with(Number(key), one) : { ...value, [key]: one },
          ),
        )
      : [];
  return [UNKNOWN, ...parts];
}

/** What is told is what will be, or nothing. */
function expectHonest(told: Properties, real: Properties): void {
  for (const [name, value] of Object.entries(real))
    if (told[name] !== UNKNOWN) expect(told[name], name).toEqual(value);
}

describe.each(KINDS)("a preview of %s", { timeout: 120_000 }, (kind) => {
  test("is honest with every input unknown once", async () => {
    const given = await kinds.sample(kind, world);
    const { state } = await kinds.create(kind, given);
    await logicOf(kind).delete(kinds.context, (await kinds.create(kind, given)).id, state);
    const known = await check(kind, given);
    expect(known.faults).toEqual([]);
    expectHonest(await predicted(kind, known.inputs), state);
    const outputs = Object.keys(logicOf(kind).schema.outputs.shape);
    for (const [name, value] of Object.entries(given))
      for (const one of unknownIn(value)) {
        const { inputs, faults } = await check(kind, { ...given, [name]: one });
        expect(faults, name).toEqual([]);
        expect(plain(inputs[name]), name).toEqual(one);
        expect(await changed(kind, state, inputs), name).toEqual(isSilent(name) ? [] : [name]);
        const real = Object.fromEntries(outputs.map((output) => [output, state[output]]));
        expectHonest(await predicted(kind, inputs), real);
        expectHonest(await updated(kind, state, inputs), real);
      }
  });

  test("believes every two of its inputs that are unknown", async () => {
    const given = await kinds.sample(kind, world);
    const names = Object.keys(given);
    for (const one of names)
      for (const other of names)
        expect(logicOf(kind).check({ ...given, [one]: UNKNOWN, [other]: UNKNOWN }).faults).toEqual([]);
  });

  test("is told nothing wrong of it when all is unknown at once", async () => {
    const given = await kinds.sample(kind, world);
    const unknown = Object.fromEntries(Object.keys(given).map((name) => [name, UNKNOWN]));
    const { inputs, faults } = await check(kind, unknown);
    expect(faults).toEqual([]);
    const told = await predicted(kind, inputs);
    for (const name of Object.keys(given)) expect(told[name], name).toBe(UNKNOWN);
  });
});

test("what is wrong whatever the unknown turns out to be is told nevertheless", async () => {
  const given = await kinds.sample("Function", world);
  const { faults } = await check("Function", {
    ...given,
    memoryMb: 3,
    runtime: UNKNOWN,
    handler: "",
    tags: { "": "empty" },
    environment: { TEXT: UNKNOWN },
  });
  expect(faults.map((fault) => fault.split(":")[0])).toEqual(["memoryMb", "tags."]);
});

/** Where an archive lies and what it is called is no difference. */
function isSilent(name: string): boolean {
  return name === "codeArchive" || name === "codeFilename";
}
