import proto from "@pulumi/pulumi/proto/provider_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SourceField } from "../../model/event-source.ts";
import { EVENT_SOURCES } from "../../model/event-sources.ts";
import type { Live, Properties } from "../../provider/resource.ts";
import { type Changed, configure, DOINGS, FIXED } from "./drifts.ts";
import { methods, type ProviderProcess, wire } from "./engine.ts";
import { KINDS, type KindsApi, logicOf, plain, type World } from "./kinds.ts";
import { KindsProvider, urnOf } from "./kinds-provider.ts";

/*
 * What a refresh shows of what was done through the API behind Pulumi's back: every kind, every property that the API
 * can change, through the provider's own process. What it changes back is shown to be gone by the next read.
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

/** What a refresh would find; undefined when it is gone. */
async function refresh(kind: string, { id, state }: Live<Properties>): Promise<Live<Properties> | undefined> {
  const request = new proto.ReadRequest()
    .setUrn(urnOf(kind))
    .setId(id)
    .setProperties(wire({ ...state }));
  const reply = await provider.call(methods.read, request);
  if (reply.getId() === "") return undefined;
  return { id: reply.getId(), state: plain(reply.getProperties()?.toJavaScript()) as Properties };
}

/** What an up after the refresh would change, property by property. */
async function changesOf(kind: string, found: Live<Properties>, declared: Properties): Promise<string[]> {
  const request = new proto.DiffRequest().setUrn(urnOf(kind)).setOlds(wire({ ...found.state }));
  const reply = await provider.call(methods.diff, request.setNews(wire({ ...declared })));
  const paths: string[] = [];
  reply.getDetaileddiffMap().forEach((_kind, path) => paths.push(path));
  return paths.sort();
}

/** What only functions of another runtime have, and the file that their code needs. */
const OTHERS: readonly (readonly [property: string, file: string, Properties, Changed])[] = [
  [
    "authInHeader",
    "bootstrap",
    { runtime: "http", handler: "bootstrap", authInHeader: true, executionAgency: "world" },
    { authInHeader: false },
  ],
  [
    "heartbeat.handler",
    "com/shop/App.class",
    { runtime: "Java17", handler: "com.shop.App.handle", heartbeat: { handler: "com.shop.App.well" } },
    { heartbeat: { handler: "com.shop.App.fine" } },
  ],
  [
    "image.args",
    "none",
    {
      runtime: "Custom Image",
      handler: "-",
      image: { reference: "shop/orders:1" },
      codeType: "Custom-Image-Swr",
      codeSize: 0,
      codeDigest: "",
      codeFilename: "",
      codeArchive: "",
    },
    {
      image: { reference: "shop/orders:1", command: [], args: ["-v"], workingDir: "", uid: 1003, gid: 1003 },
    },
  ],
];

test.each(OTHERS)("a refresh finds %s changed", async (property, file, more, changed) => {
  const given = { name: "other", ...(await kinds.functionCode(file)), ...more };
  const live = await kinds.create("Function", given);
  expect(await refresh("Function", live)).toEqual(live);
  await configure(changed)(live, kinds);
  const found = (await refresh("Function", live)) ?? live;
  const declared = logicOf("Function").check(given).inputs;
  expect(await changesOf("Function", found, declared)).toEqual([property]);
  await logicOf("Function").update(kinds.context, live.id, found.state, declared);
  expect(await refresh("Function", live)).toEqual(live);
  await logicOf("Function").delete(kinds.context, live.id, live.state);
});

test.each(KINDS)("every property of %s is either shown to drift or known not to", (kind) => {
  const shown = Object.keys(DOINGS[kind]?.(world) ?? {}).map((path) => path.split(".")[0]);
  const source = Object.values(EVENT_SOURCES).find(({ component }) => component === kind);
  const hidden = source?.fields.filter(({ secret }: SourceField) => secret === true).map(({ name }) => name);
  const fixed = FIXED[kind] ?? ["functionUrn", ...(hidden ?? [])];
  expect(new Set([...shown, ...fixed])).toEqual(new Set(Object.keys(logicOf(kind).schema.inputs.shape)));
});

describe.each(KINDS)("a refresh of %s", { timeout: 120_000 }, (kind) => {
  test("finds nothing where nothing was done, and every change where one was, which an up undoes", async () => {
    const given = await kinds.sample(kind, world);
    const declared = logicOf(kind).check(given).inputs;
    for (const [property, change] of Object.entries(DOINGS[kind]?.(world) ?? {})) {
      const live = await kinds.create(kind, given);
      expect(await refresh(kind, live)).toEqual(live);
      await change(live, kinds);
      const found = await refresh(kind, live);
      if (found === undefined) throw new Error(`${kind} is gone after ${property}`);
      const told = await changesOf(kind, found, declared);
      expect(told, property).toContain(property);
      if (logicOf(kind).diff(found.state, declared).replace.length === 0) {
        await logicOf(kind).update(kinds.context, found.id, found.state, declared);
        expect(await refresh(kind, live), property).toEqual(live);
      }
      await logicOf(kind).delete(kinds.context, found.id, found.state);
    }
  });

  test("finds nothing where the declaration says blank things", async () => {
    const given = await kinds.sample(kind, world);
    const isOptional = (name: string): boolean =>
      logicOf(kind).check({ ...given, [name]: undefined }).faults.length === 0;
    for (const name of Object.keys(logicOf(kind).schema.inputs.shape).filter(isOptional))
      for (const blank of ["", [], {}, false]) {
        const declared = logicOf(kind).check({ ...given, [name]: blank });
        if (declared.faults.length > 0) continue;
        const live = await kinds.create(kind, { ...given, [name]: blank });
        const found = (await refresh(kind, live)) ?? live;
        expect(await changesOf(kind, found, declared.inputs), `${name}: ${JSON.stringify(blank)}`).toEqual(
          [],
        );
        await logicOf(kind).delete(kinds.context, live.id, live.state);
      }
  });

  test("finds that it is gone", async () => {
    const live = await kinds.create(kind, await kinds.sample(kind, world));
    await logicOf(kind).delete(kinds.context, live.id, live.state);
    expect(await refresh(kind, live)).toBeUndefined();
  });
});
