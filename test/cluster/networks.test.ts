import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { subnetId, type VpcSpec } from "../../model/vpc.ts";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { containersOf } from "../drivers/docker-subject.ts";
import { connect, listen } from "../drivers/inside.ts";
import { OtherMachine } from "../drivers/other-machine.ts";
import { OPEN_DOOR } from "../drivers/tenant.ts";
import { noEngine } from "../images/engine.ts";
import { REPOSITORY, runtimeImage } from "../images/runtime-image.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { Cluster, type MemberProcess } from "./members.ts";

/** Kills of the leader, also at some moments of a change; more than one round looks at more moments. */
const ROUNDS = Number(process.env["FUNGRAPH_NETWORK_ROUNDS"] ?? 1);
const MOMENTS_MS = ROUNDS > 1 ? [20, 150, 400, 900, 2_000] : [300];
const SOON = { timeout: 30_000, interval: 250 };
/** Other tests on this machine have other numbers. */
const NET = 160 + (process.pid % 60);

const missing = (await noEngine()) ?? OtherMachine.missing();
if (missing !== undefined) console.log(`networks of several processes are not tested: ${missing}`);

interface Labelled {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

describe.skipIf(missing !== undefined || !POSTGRES_HERE)(
  "functions of several gateways and schedulers",
  () => {
    const engine = new Engine();
    const outside = new OtherMachine(NET);
    const pids = new Set<number>();
    let cluster: Cluster;
    let one: MemberProcess;
    let other: MemberProcess;
    let home: string;
    /** Its label on what it has made. */
    let platform: string | undefined;
    /** Functions, in either subnet and in none. */
    let server: string;
    let far: string;
    let outsider: string;

    beforeAll(async () => {
      await runtimeImage(engine, "Node.js20.15");
      await runtimeImage(engine, "gateway");
      await outside.start();
      vi.stubEnv("FUNGRAPH_IMAGES", REPOSITORY);
      cluster = await Cluster.start({ driver: "docker" });
      one = cluster.member("gateway-1");
      other = cluster.member("gateway-2");
      home = (await one.process.client.vpcs.create(shop())).id;
      expect((await ofVpcs()).size).toBe(2);
      server = await deploy("server", subnet("front"));
      far = await deploy("far", subnet("back"));
      outsider = await deploy("outsider");
    }, 600_000);

    afterAll(async () => {
      for (const member of cluster.members) if (member.runs) pids.add(member.process.pid);
      await cluster[Symbol.asyncDispose]();
      await outside[Symbol.asyncDispose]();
      expect((await ofVpcs()).size).toBe(0);
      for (const pid of pids) expect(await containersOf(pid)).toEqual([]);
      engine.close();
    }, 120_000);

    test("are in their VPC whichever gateway calls and whichever scheduler starts them, each with an address of its own", async () => {
      const all = [];
      for (const gateway of [one, other, one, other])
        for (const urn of [server, far]) all.push(await run<string[]>(gateway, urn, ADDRESSES));
      const found = new Set(all.flat());
      expect(found.size).toBe(4);
      for (const address of found) expect(address).toMatch(new RegExp(`^10\\.${NET}\\.[12]\\.`));
      const [front = ""] = await run<string[]>(one, server, ADDRESSES);
      await run(one, server, `${listen("hello from the shop", "0.0.0.0")}; globalThis.kept = server;`);
      expect(await run(other, far, connect(8000, front))).toBe("hello from the shop");
      expect(await run(other, outsider, connect(8000, front))).not.toContain("hello");
      expect(await run(other, outsider, connect(outside.port, outside.there))).toContain("hello");
      expect(await run(other, far, connect(outside.port, outside.there))).not.toContain("hello");
    });

    test("know names and a way out from when they are declared until they are not", async () => {
      const { vpcs, natGateways } = other.process.client;
      const { id: way } = await natGateways.create({ name: "way", vpcId: home, address: outside.hereToo });
      for (const gateway of [one, other])
        expect(await run(gateway, far, connect(outside.port, outside.there))).toBe(
          `hello ${outside.hereToo}`,
        );
      expect(await run(one, far, lookup("db.shop.internal"))).toBe(`10.${NET}.9.5`);
      expect(await run(one, outsider, lookup("db.shop.internal"))).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
      const gateway = await gateways();
      await vpcs.update(home, shop(`10.${NET}.9.6`));
      await vi.waitFor(
        async () => expect(await run(other, far, lookup("db.shop.internal"))).toBe(`10.${NET}.9.6`),
        SOON,
      );
      expect(await gateways()).toEqual(gateway);
      await natGateways.delete(way);
      expect(await run(one, far, connect(outside.port, outside.there))).not.toContain("hello");
    });

    test("are refused what an engine cannot have, and nothing of it stays", async () => {
      const { vpcs } = one.process.client;
      const range = `10.${NET + 1}.0.0/24`;
      const json = { Name: `fungraph-clash-${process.pid}`, IPAM: { Config: [{ Subnet: range }] } };
      const clash = await engine.ask<{ Id: string }>({ method: "POST", path: "/networks/create", json });
      try {
        const spec = { name: "clash", range, subnets: [{ name: "all", range }], zones: [] };
        await expect(vpcs.create(spec)).rejects.toThrow(/the VPC clash cannot have the addresses/);
        expect((await vpcs.list()).map(({ spec: { name } }) => name)).toEqual(["shop"]);
      } finally {
        await engine.ask({ method: "DELETE", path: `/networks/${clash.Id}` });
      }
      expect((await ofVpcs()).size).toBe(2);
    });

    test("share files, through any gateway, until the file system is deleted", async () => {
      const { client } = one.process;
      const { id } = await client.fileSystems.create({ name: "files" });
      const mounts = [{ fileSystemId: id, path: "/mnt/files" }];
      const more = { fileSystems: { userId: -1, groupId: -1, mounts }, network: subnet("front").network };
      const urn = await deploy("sharing", more);
      await run(one, urn, 'require("fs").writeFileSync("/mnt/files/word", "hello")');
      expect(await run(other, urn, 'return require("fs").readFileSync("/mnt/files/word", "utf8")')).toBe(
        "hello",
      );
      const folder = join(cluster.folder, "files", "shares", id);
      expect(existsSync(join(folder, "word"))).toBe(true);
      await expect(client.fileSystems.delete(id)).rejects.toThrow("is in use by");
      await client.functions.delete(urn.replace(/:latest$/, ""));
      await client.fileSystems.delete(id);
      expect(existsSync(folder)).toBe(false);
    });

    test("keep their networks and connections when schedulers are killed, and others change them", async () => {
      const { client } = one.process;
      const { id: way } = await client.natGateways.create({ name: "way", vpcId: home });
      const before = await ofVpcs();
      await run(one, far, keepOpen(outside));
      for (let round = 0; round < ROUNDS; round += 1) {
        const victim = await cluster.leader();
        pids.add(victim.process.pid);
        await victim.kill();
        expect(await run(one, far, STILL_OPEN)).toBe("still here");
        // Another leads, and puts in force what changes.
        await vi.waitFor(() => client.vpcs.update(home, shop(`10.${NET}.9.${victim.port % 250}`)), SOON);
        await vi.waitFor(async () => {
          const answer = await run(other, far, lookup("db.shop.internal"));
          expect(answer).toBe(`10.${NET}.9.${victim.port % 250}`);
        }, SOON);
        await victim.start();
        await cluster.whole();
        expect(await ofVpcs()).toEqual(before);
        expect(await run(one, far, STILL_OPEN)).toBe("still here");
      }
      await client.natGateways.delete(way);
    }, 120_000);

    test(
      "have what is declared, whenever the leader is killed in the middle of a change",
      async () => {
        const { client } = other.process;
        for (let round = 0; round < ROUNDS; round += 1)
          for (const moment of MOMENTS_MS) {
            const range = `10.${NET + 2}.0.0/24`;
            const name = `late-${round}-${moment}`;
            const zones = shop().zones;
            const making = client.vpcs.create({ name, range, subnets: [{ name: "all", range }], zones }).then(
              () => "made",
              () => "unknown",
            );
            const victim = await cluster.leader();
            await sleep(moment);
            pids.add(victim.process.pid);
            await victim.kill();
            const outcome = await making;
            await victim.start();
            await cluster.whole();
            const declared = await client.vpcs.list();
            if (outcome === "made") expect(declared.map(({ spec }) => spec.name)).toContain(name);
            await vi.waitFor(async () => {
              const there = await ofVpcs();
              expect(new Set(there.values())).toEqual(new Set(declared.map(({ id }) => id)));
              // A network and a gateway each.
              expect(there.size).toBe(2 * declared.length);
            }, SOON);
            for (const { id } of declared) if (id !== home) await client.vpcs.delete(id);
            expect(new Set((await ofVpcs()).values())).toEqual(new Set([home]));
          }
      },
      120_000 * ROUNDS,
    );

    function deploy(name: string, more = {}): Promise<string> {
      return cluster.member("gateway-1").process.deploy(name, OPEN_DOOR, { timeoutSeconds: 30, ...more });
    }

    function subnet(name: string): { network: { vpcId: string; subnetId: string } } {
      return { network: { vpcId: home, subnetId: subnetId(home, name) } };
    }

    /** Networks and gateways of this platform's VPCs: of which VPC each is, by its id. */
    async function ofVpcs(): Promise<Map<string, string>> {
      const found = [...(await list("/networks?")), ...(await list("/containers/json?all=1&"))];
      platform ??= found.find(({ Labels }) => Labels["fungraph.vpc"] === home)?.Labels["fungraph.home"];
      const ours = found.filter(({ Labels }) => Labels["fungraph.home"] === platform);
      return new Map(ours.map(({ Labels, Id }) => [Id, Labels["fungraph.vpc"] ?? ""]));
    }

    async function gateways(): Promise<string[]> {
      const found = await list("/containers/json?");
      return found.filter(({ Labels }) => Labels["fungraph.vpc"] === home).map(({ Id }) => Id);
    }

    function list(path: string): Promise<Labelled[]> {
      return engine.ask({ method: "GET", path: `${path}${OURS}` });
    }
  },
);

const OURS = `filters=${encodeURIComponent(JSON.stringify({ label: ["fungraph.vpc"] }))}`;
const ADDRESSES = `
  const all = Object.values(require("os").networkInterfaces()).flat();
  return all.filter(({ internal }) => !internal).map(({ address }) => address);`;

/** JavaScript that keeps a connection. */
function keepOpen({ echoPort, there }: OtherMachine): string {
  return `
    globalThis.open = require("net").connect(${echoPort}, "${there}");
    await require("events").once(globalThis.open, "data");`;
}

/** JavaScript that has the other end of it say something. */
const STILL_OPEN = `
  globalThis.open.write("still here");
  return String((await require("events").once(globalThis.open, "data"))[0]);`;

function shop(address = `10.${NET}.9.5`): VpcSpec {
  return {
    name: "shop",
    range: `10.${NET}.0.0/16`,
    subnets: [
      { name: "front", range: `10.${NET}.1.0/24` },
      { name: "back", range: `10.${NET}.2.0/24` },
    ],
    zones: [{ name: "shop.internal", records: [{ name: "db", type: "A", values: [address] }] }],
  };
}

function lookup(name: string): string {
  return `try { return (await require("dns").promises.lookup("${name}")).address; } catch (error) { return error.code; }`;
}

/** Runs JavaScript in the function, as the body of an asynchronous one. */
async function run<T = unknown>(gateway: MemberProcess, urn: string, js: string): Promise<T> {
  const { result } = await gateway.process.client.invocations.invoke(urn, JSON.stringify({ js }));
  const text = result.toString();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
