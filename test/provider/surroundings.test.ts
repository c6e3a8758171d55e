import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "../../client/client.ts";
import type { Context, Live, Properties, ResourceLogic } from "../../provider/resource.ts";
import { resources } from "../../provider/resources.ts";
import { UNKNOWN } from "../../provider/unknown.ts";
import { TestApi } from "../api/fixtures.ts";

/* Against the real API over a real store, without machines behind it. */

const SHOP = {
  name: "shop",
  range: "10.1.0.0/16",
  subnets: [{ name: "front", range: "10.1.1.0/24" }],
  zones: [],
};
const ZONE = { name: "shop.internal", records: [{ name: "db", type: "A", values: ["10.1.9.5"] }] };

let api: TestApi;
let context: Context;
beforeAll(async () => {
  api = await TestApi.start();
  const client = new Client({ endpoint: api.url, ...api.credential });
  context = { client, readArchive: () => Promise.reject(new Error("no archives")) };
});
afterAll(async () => {
  context.client.close();
  await api[Symbol.asyncDispose]();
});

function logic(kind: string): ResourceLogic {
  const found = resources[`fungraph:index:${kind}`];
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
}

function inputs(kind: string, given: Properties): Properties {
  const checked = logic(kind).check(given);
  expect(checked.faults).toEqual([]);
  return checked.inputs;
}

async function expectRead(kind: string, live: Live<Properties>): Promise<void> {
  for (const known of [live.state, {}]) expect(await logic(kind).read(context, live.id, known)).toEqual(live);
}

test("a VPC, its gateway and a file system are made once, read, changed and deleted", async () => {
  const given = inputs("Vpc", SHOP);
  const vpc = await logic("Vpc").create(context, given);
  expect(vpc.state).toMatchObject({
    vpcId: vpc.id,
    subnetIds: { front: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  // What an interrupted run has made is taken over.
  expect(await logic("Vpc").create(context, given)).toEqual(vpc);
  await expect(logic("Vpc").create(context, { ...given, zones: [ZONE] })).rejects.toThrow(
    "has another VPC named",
  );
  await expectRead("Vpc", vpc);

  const next = inputs("Vpc", { ...SHOP, zones: [ZONE] });
  expect(logic("Vpc").diff(vpc.state, next)).toMatchObject({
    changes: [{ property: "zones", kind: "update" }],
  });
  const changed = { id: vpc.id, state: await logic("Vpc").update(context, vpc.id, vpc.state, next) };
  await expectRead("Vpc", changed);
  const larger = inputs("Vpc", { ...SHOP, zones: [ZONE], range: "10.0.0.0/15" });
  expect(logic("Vpc").diff(changed.state, larger).replace).toEqual(["range"]);

  const gateway = await logic("NatGateway").create(
    context,
    inputs("NatGateway", { name: "out", vpcId: vpc.id }),
  );
  await expectRead("NatGateway", gateway);
  await expect(logic("Vpc").delete(context, vpc.id, changed.state)).rejects.toThrow("the NAT gateway out");
  const fixed = inputs("NatGateway", { name: "out", vpcId: vpc.id, address: "203.0.113.7" });
  const moved = await logic("NatGateway").update(context, gateway.id, gateway.state, fixed);
  await expectRead("NatGateway", { id: gateway.id, state: moved });
  const nfs = { server: "10.1.9.9", path: "/exports" };
  const files = await logic("FileSystem").create(context, inputs("FileSystem", { name: "files", nfs }));
  await expectRead("FileSystem", files);

  for (const [kind, id] of [
    ["NatGateway", gateway.id],
    ["FileSystem", files.id],
    ["Vpc", vpc.id],
  ] as const) {
    await logic(kind).delete(context, id, {});
    expect(await logic(kind).read(context, id, {})).toBeUndefined();
    await logic(kind).delete(context, id, {});
  }
});

test("a preview knows the ids of what is there, and that it does not know the others", () => {
  const place = { region: "local", projectId: "p" };
  const vpc = logic("Vpc");
  expect(vpc.predict(SHOP, place)).toEqual({ vpcId: UNKNOWN, subnetIds: UNKNOWN });
  const old = { ...SHOP, vpcId: "v", subnetIds: {} };
  expect(vpc.predict(SHOP, place, old)).toMatchObject({
    vpcId: "v",
    subnetIds: { front: expect.any(String) },
  });
  expect(logic("NatGateway").predict({ name: "out", vpcId: UNKNOWN }, place)).toEqual({
    natGatewayId: UNKNOWN,
  });
});

test("faults are told before anything is asked, and unknown inputs are believed", () => {
  const { faults } = logic("Vpc").check({ ...SHOP, range: "10.1.1.0/25" });
  expect(faults.map(({ property }) => property)).toEqual(["subnets[0].range"]);
  expect(logic("NatGateway").check({ name: "out", vpcId: UNKNOWN, address: "0.0.0.0" }).faults).toHaveLength(
    1,
  );
  expect(logic("FileSystem").check({ name: "files", nfs: UNKNOWN }).faults).toEqual([]);
});
