import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import type { VpcPlan } from "../../platform/drivers/surroundings.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { dockerSubject, type DockerSubject } from "./docker-subject.ts";
import { connect, listen } from "./inside.ts";
import { OtherMachine } from "./other-machine.ts";
import { OPEN_DOOR, Tenant } from "./tenant.ts";

const RUNTIME = "Node.js20.15";
const FIREWALL = "firewall before the machine's own ports";

/** Other tests on this machine have other numbers. */
const NET = 64 + (process.pid % 128);
const RANGE = `10.${NET}.0.0/17`;
const OTHER_RANGE = `10.${NET}.128.0/17`;
const IDS = { vpc: "11111111-0000-4000-8000-000000000000", other: "22222222-0000-4000-8000-000000000000" };

const missing = (await noEngine()) ?? OtherMachine.missing();
if (missing !== undefined) console.log(`VPCs of containers are not tested: ${missing}`);

/** A VPC with two subnets. */
const HOME: VpcPlan = {
  id: IDS.vpc,
  name: "home",
  range: RANGE,
  subnets: [
    { id: "front", name: "front", range: `10.${NET}.1.0/24` },
    { id: "back", name: "back", range: `10.${NET}.2.0/24` },
  ],
  zones: [],
};
const OTHER: VpcPlan = {
  id: IDS.other,
  name: "other",
  range: OTHER_RANGE,
  subnets: [{ id: "all", name: "all", range: OTHER_RANGE }],
  zones: [],
};
const shop = (address: string): VpcPlan["zones"] => [
  {
    name: "shop.internal",
    records: [
      { name: "db", type: "A", values: [address] },
      { name: "www", type: "CNAME", values: ["db.shop.internal"] },
    ],
  },
];

describe.skipIf(missing !== undefined)("functions in VPCs of containers", () => {
  const outside = new OtherMachine(NET);
  let subject: DockerSubject;
  let front: Tenant;
  let back: Tenant;
  let foreign: Tenant;
  let free: Tenant;
  let code: string;

  beforeAll(async () => {
    const engine = new Engine();
    await runtimeImage(engine, RUNTIME);
    await runtimeImage(engine, "gateway");
    engine.close();
    await outside.start();
    subject = await dockerSubject();
    code = subject.code("a", OPEN_DOOR);
    await arrange(HOME, OTHER);
    [front, back, foreign, free] = (await Promise.all(
      [
        { vpcId: IDS.vpc, subnetId: "front" },
        { vpcId: IDS.vpc, subnetId: "back" },
        { vpcId: IDS.other, subnetId: "all" },
        undefined,
      ].map(async (place) => (await Tenant.start(subject.driver)).claim(code, 512, place)),
    )) as [Tenant, Tenant, Tenant, Tenant];
    await back.run(`${listen("hello from back", "0.0.0.0")}; globalThis.kept = server;`);
    await foreign.run(`${listen("hello from foreign", "0.0.0.0")}; globalThis.kept = server;`);
  }, 600_000);

  afterAll(async () => {
    await Promise.all([front, back, foreign, free].map((tenant) => tenant[Symbol.asyncDispose]()));
    await subject.driver.close();
    expect(await subject.leftovers()).toEqual([]);
    expect(rules()).not.toContain(`/${process.pid}-`);
    subject.remove();
    await outside[Symbol.asyncDispose]();
  });

  function hasFirewall(): boolean {
    return subject.driver.capabilities.isolation.includes(FIREWALL);
  }

  function arrange(...vpcs: VpcPlan[]): Promise<void> {
    return subject.driver.arrange({ vpcs, fileSystems: [] });
  }

  test("have addresses of their subnets, and no other network", async () => {
    expect(await addresses(front)).toEqual([expect.stringMatching(new RegExp(`^10\\.${NET}\\.1\\.`))]);
    expect(await addresses(back)).toEqual([expect.stringMatching(new RegExp(`^10\\.${NET}\\.2\\.`))]);
  });

  test("reach each other in one VPC, across its subnets", async () => {
    expect(await front.run(connect(8000, (await addresses(back))[0]))).toBe("hello from back");
  });

  test("reach nobody in another VPC, and nobody reaches them from without", async () => {
    const [theirs = ""] = await addresses(foreign);
    const [ours = ""] = await addresses(back);
    await expectClosed([front, 8000, theirs], [foreign, 8000, ours], [free, 8000, ours]);
  });

  test("reach nothing outside without a NAT gateway; without a VPC they leave by the machine's address", async () => {
    await expectClosed([front, outside.port, outside.there]);
    expect(await free.run(connect(outside.port, outside.there))).toBe(`hello ${outside.here}`);
  });

  test("reach neither the machine's own ports nor link-local services", async () => {
    const { port, close } = await machine();
    await expectClosed([front, port, outside.here], [front, port, "169.254.169.254"]);
    // The bridge's own address is on the same wire, so only rules of the machine keep it closed.
    if (hasFirewall()) expect(await front.run(connect(port, `10.${NET}.127.254`))).toBe("silence");
    close();
  });

  test("leave by a NAT gateway with its fixed address from when it is declared until it is gone", async () => {
    await arrange({ ...HOME, nat: { address: outside.hereToo } }, OTHER);
    expect(await front.run(connect(outside.port, outside.there))).toBe(`hello ${outside.hereToo}`);
    expect(await back.run(connect(outside.port, outside.there))).toBe(`hello ${outside.hereToo}`);
    expect(await free.run(connect(outside.port, outside.there))).toBe(`hello ${outside.here}`);
    // The way out is nobody else's, and leads neither to services of the machine nor into another VPC.
    const [theirs = ""] = await addresses(foreign);
    const { port, close } = await machine();
    await expectClosed(
      [foreign, outside.port, outside.there],
      [front, 8000, theirs],
      [front, outside.port, "169.254.169.254"],
      ...(hasFirewall()
        ? [[front, port, outside.here] as const, [front, port, outside.hereToo] as const]
        : []),
    );
    close();

    await arrange({ ...HOME, nat: {} }, OTHER);
    expect(await front.run(connect(outside.port, outside.there))).toBe(`hello ${outside.here}`);
    await arrange(HOME, OTHER);
    await expectClosed([front, outside.port, outside.there]);
  });

  test("know the names of their VPC's zones, and nobody else does", async () => {
    const [address = ""] = await addresses(back);
    await arrange({ ...HOME, zones: shop(address) }, OTHER);
    for (const name of ["db.shop.internal", "www.shop.internal"])
      expect(await lookup(front, name)).toBe(address);
    expect(await front.run(connect(8000, "www.shop.internal"))).toBe("hello from back");
    expect(await ask(front, "db.shop.internal")).toEqual([address]);
    expect(await lookup(front, "no.shop.internal")).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(await lookup(foreign, "db.shop.internal")).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
    expect(await lookup(free, "db.shop.internal")).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  });

  test("see a changed record at once, while the way out stays open", async () => {
    const nat = { address: outside.hereToo };
    await arrange({ ...HOME, nat, zones: shop("10.0.0.1") }, OTHER);
    expect(await lookup(front, "db.shop.internal")).toBe("10.0.0.1");
    await arrange({ ...HOME, nat, zones: shop("10.0.0.2") }, OTHER);
    await expect.poll(() => lookup(front, "db.shop.internal"), { timeout: 10_000 }).toBe("10.0.0.2");
    expect(await front.run(connect(outside.port, outside.there))).toBe(`hello ${outside.hereToo}`);
  });

  test("are in their place from the start when they come from no pool", async () => {
    const place = { vpcId: IDS.vpc, subnetId: "back" };
    await using own = await (
      await Tenant.start(subject.driver, RUNTIME, { network: place })
    ).claim(code, 512, place);
    expect(await addresses(own)).toEqual([expect.stringMatching(new RegExp(`^10\\.${NET}\\.2\\.`))]);
    expect(await own.run(connect(8000, (await addresses(back))[0]))).toBe("hello from back");
  });

  test("are refused where there is no such VPC or subnet, and in a VPC whose addresses another network has", async () => {
    await using lost = await Tenant.start(subject.driver);
    await expect(lost.instance.claim(claimIn("nowhere", "all"))).rejects.toThrow(
      "the VPC nowhere is not there",
    );
    await using mislaid = await Tenant.start(subject.driver);
    await expect(mislaid.instance.claim(claimIn(IDS.vpc, "cellar"))).rejects.toThrow("has no subnet cellar");
    const clash = { ...OTHER, id: "33333333-0000-4000-8000-000000000000", name: "clash" };
    await expect(arrange(HOME, OTHER, clash)).rejects.toThrow(/the VPC clash cannot have the addresses/);
    await arrange(HOME, OTHER);
  });

  function claimIn(vpcId: string, subnetId: string): Parameters<Tenant["instance"]["claim"]>[0] {
    return { codeDir: code, memoryMb: 512, cpuMillicores: 1000, network: { vpcId, subnetId } };
  }
});

/** A port that the machine itself serves on all of its addresses. */
async function machine(): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = createServer((socket) => socket.end("hello from the machine")).listen(0, "0.0.0.0");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}

/** Nobody answers there; what says nothing takes a second to find out. */
async function expectClosed(
  ...ways: readonly (readonly [from: Tenant, port: number, to: string])[]
): Promise<void> {
  const said = await Promise.all(ways.map(([from, port, to]) => from.run(connect(port, to))));
  for (const words of said) expect(words).not.toContain("hello");
}

/** All addresses of an instance but its own loop. */
function addresses(tenant: Tenant): Promise<string[]> {
  return tenant.run(`
    const all = Object.values(require("os").networkInterfaces()).flat();
    return all.filter(({ internal }) => !internal).map(({ address }) => address);`) as Promise<string[]>;
}

/** What the system's resolver says of a name. */
function lookup(tenant: Tenant, name: string): Promise<unknown> {
  return tenant.run(`
    try { return (await require("dns").promises.lookup("${name}")).address; } catch (error) { return error.code; }`);
}

/** What the name server itself says. */
function ask(tenant: Tenant, name: string): Promise<unknown> {
  return tenant.run(`return require("dns").promises.resolve4("${name}")`);
}

function rules(): string {
  try {
    return execFileSync("iptables-save", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // No such program, no such rules.
    return "";
  }
}
