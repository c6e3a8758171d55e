import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { InstanceView } from "../../platform/scheduler/scheduler.ts";
import { Client } from "../../client/client.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { Cluster, type MemberProcess } from "./members.ts";

const SOON = { timeout: 20_000, interval: 200 };

describe.skipIf(!POSTGRES_HERE)("two gateways and two schedulers", { timeout: 60_000 }, () => {
  let cluster: Cluster;
  let one: MemberProcess;
  let other: MemberProcess;

  beforeAll(async () => {
    cluster = await Cluster.start();
    one = cluster.member("gateway-1");
    other = cluster.member("gateway-2");
  }, 200_000);

  afterAll(async () => {
    const codes = await Promise.all(cluster.of("gateway").map((member) => member.stop()));
    codes.push(...(await Promise.all(cluster.of("scheduler").map((member) => member.stop()))));
    await cluster[Symbol.asyncDispose]();
    expect(codes).toEqual([0, 0, 0, 0]);
  }, 60_000);

  async function deploy(name: string, body: string, more = {}): Promise<string> {
    return one.process.deploy(name, `exports.handler = async (event, context) => { ${body} };`, more);
  }

  test("what was deployed through one gateway is called through both, and each sees the instances of both", async () => {
    const urn = await deploy("hello", 'return "hello";');
    expect([await call(one, urn), await call(other, urn)]).toEqual(["hello", "hello"]);
    for (const gateway of [one, other]) expect(await instancesOf(gateway, "hello")).toHaveLength(2);
  });

  test("logs of both gateways are one log, read through any process, page by page", async () => {
    const urn = await deploy("logging", 'console.log("line of " + event.who); return 1;');
    for (const [gateway, who] of [
      [one, "a"],
      [other, "b"],
      [one, "c"],
    ] as const)
      await gateway.process.client.invocations.invoke(urn, JSON.stringify({ who }));
    const query = { keyword: "line of" };
    const all = await other.process.logs("logging", query);
    const texts = all.entries.map((entry) => ("text" in entry ? entry.text.slice(-1) : ""));
    expect(texts).toEqual(["a", "b", "c"]);
    const found: string[] = [];
    for (let cursor = "0.0", page = 0; page < 4; page += 1) {
      const part = await one.process.logs("logging", { ...query, limit: 1, cursor });
      found.push(...part.entries.map((entry) => ("text" in entry ? entry.text.slice(-1) : "")));
      ({ cursor } = part);
    }
    expect(found).toEqual(["a", "b", "c"]);
  });

  test("a function that is deleted while a gateway is away leaves no log there to one of its name", async () => {
    const urn = await deploy("secretive", 'console.log("a secret"); return 1;');
    await call(other, urn);
    expect((await one.process.logs("secretive")).entries).not.toEqual([]);
    await other.kill();
    await one.process.client.functions.delete(urn.replace(/:latest$/, ""));
    await deploy("secretive", "return 2;");
    await vi.waitFor(async () => expect((await one.process.logs("secretive")).entries).toEqual([]), SOON);
    await other.start();
    await cluster.whole();
  });

  test("reserved instances are shared out over the gateways, and taken over from one that ends", async () => {
    const urn = await deploy("kept", "return 1;");
    await one.process.client.reservedInstances.put(urn, { count: 3, idleMode: false, policies: [] });
    await vi.waitFor(async () => expect(await reserved()).toBe(3), SOON);
    expect(await call(other, urn)).toBe("1");
    await other.kill();
    await vi.waitFor(async () => expect(await reserved()).toBe(3), SOON);
    await other.start();
    await cluster.whole();
    await vi.waitFor(async () => expect(await reserved()).toBe(3), SOON);

    async function reserved(): Promise<number> {
      return (await instancesOf(one, "kept")).filter((view) => view.reserved && view.state === "ready")
        .length;
    }
  });

  test("a function that may have one instance has one over both gateways, which take turns", async () => {
    const urn = await deploy("single", "return 1;", { maxInstances: 1 });
    for (const gateway of [one, other, one]) {
      expect(await call(gateway, urn)).toBe("1");
      const ready = (await instancesOf(one, "single")).filter(({ state }) => state === "ready");
      expect(ready).toHaveLength(1);
    }
  });

  test("a timer fires once for all, at the leader, and its requests run at a gateway", async () => {
    const urn = await deploy("tick", 'console.log("tick " + event.time); return 1;');
    const eventData = { name: "t", schedule_type: "Cron", schedule: "@every 1s", user_event: "" };
    await one.process.client.triggers.create(urn, { type: "TIMER", status: "ACTIVE", eventData });
    await vi.waitFor(async () => {
      const { entries } = await other.process.logs("tick", { keyword: "tick" });
      const times = entries.map((entry) => ("text" in entry ? entry.text : ""));
      expect(times.length).toBeGreaterThan(2);
      expect(new Set(times).size).toBe(times.length);
    }, SOON);
  });

  test("a timer's function gets an instance at every gateway, though one alone runs the request", async () => {
    const urn = await deploy("awaited", "return 1;");
    const second = new Date(Date.now() + 12_000).getUTCSeconds();
    const eventData = { name: "t", schedule_type: "Cron", schedule: `${second} * * * * ?`, user_event: "" };
    await one.process.client.triggers.create(urn, { type: "TIMER", status: "ACTIVE", eventData });
    await vi.waitFor(async () => expect(await instancesOf(one, "awaited")).toHaveLength(2), {
      timeout: 40_000,
      interval: 200,
    });
  });

  test("every process answers the control plane, and tells how itself is", async () => {
    const leader = await cluster.leader();
    for (const member of cluster.members) {
      const client = new Client({
        ...one.process.facts,
        endpoint: `http://127.0.0.1:${member.port}`,
        retries: 0,
      });
      expect((await client.functions.list()).length).toBeGreaterThan(0);
      client.close();
      const health = await member.health();
      expect(health).toMatchObject({ role: member.role, status: "ok", leads: member === leader });
    }
  });
});

async function call(gateway: MemberProcess, urn: string): Promise<string> {
  return (await gateway.process.client.invocations.invoke(urn, "{}")).result.toString();
}

async function instancesOf(gateway: MemberProcess, name: string): Promise<InstanceView[]> {
  const { instances } = await gateway.process.get<{ instances: InstanceView[] }>("instances");
  return instances.filter(({ functionKey }) => functionKey.endsWith(`/${name}`));
}
