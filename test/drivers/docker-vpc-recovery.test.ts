import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { Engine } from "../../platform/drivers/docker/engine.ts";
import { bridgeName } from "../../platform/drivers/docker/network.ts";
import type { VpcPlan } from "../../platform/drivers/surroundings.ts";
import { noEngine } from "../images/engine.ts";
import { runtimeImage } from "../images/runtime-image.ts";
import { containersOf, dockerSubject } from "./docker-subject.ts";

const HOST = fileURLToPath(new URL("vpc-host.ts", import.meta.url));
const NET = 192 + (process.pid % 32);
const VPC: VpcPlan = {
  id: "44444444-0000-4000-8000-000000000000",
  name: "shop",
  range: `10.${NET}.0.0/24`,
  subnets: [{ id: "all", name: "all", range: `10.${NET}.0.0/24` }],
  zones: [],
};
const ZONES: VpcPlan["zones"] = [
  { name: "shop.internal", records: [{ name: "db", type: "A", values: [`10.${NET}.0.9`] }] },
];

const missing = await noEngine();
if (missing !== undefined) console.log(`recovery of VPCs is not tested: ${missing}`);

describe.skipIf(missing !== undefined)("a platform with VPCs", () => {
  const engine = new Engine();
  beforeAll(async () => {
    await runtimeImage(engine, "gateway");
  }, 600_000);

  test("that is killed leaves what the next start takes over, gateway and all, or removes when nobody declares it", async () => {
    await using subject = await closing();
    const runDir = join(subject.folder, "run");
    const open = { ...VPC, zones: ZONES, nat: {} };
    const host = spawn(process.execPath, [HOST, runDir, JSON.stringify(open)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(host.stdout, "data");
    expect(await containersOf(host.pid ?? 0)).toHaveLength(1);
    const made = await ofVpc();
    expect(made).toHaveLength(3);
    // Whoever looks for it by its label finds it alone.
    expect(await networks()).toHaveLength(1);
    host.kill("SIGKILL");
    await once(host, "exit");
    await subject.driver.recover();
    expect(await containersOf(host.pid ?? 0)).toEqual([]);
    expect(rules()).not.toContain(`/${host.pid}-`);
    await subject.driver.arrange({ vpcs: [open], fileSystems: [] });
    expect(await ofVpc()).toEqual(made);
    const [network = ""] = await networks();
    const before = rulesOf(network);
    await subject.driver.arrange({ vpcs: [open], fileSystems: [] });
    expect(await ofVpc()).toEqual(made);
    expect(rulesOf(network)).toEqual(before);
    await subject.driver.arrange({ vpcs: [VPC], fileSystems: [] });
    expect(await ofVpc()).toHaveLength(1);
    await subject.driver.arrange({ vpcs: [], fileSystems: [] });
    expect(await ofVpc()).toEqual([]);
    expect(rulesOf(network)).toEqual([]);
  });

  test("keeps the network that somebody's own container is in, and takes it over at the next start", async () => {
    await using subject = await closing();
    await subject.driver.arrange({ vpcs: [VPC], fileSystems: [] });
    const [network = ""] = await networks();
    const { id: image } = await runtimeImage(engine, "gateway");
    const json = { Image: image, Entrypoint: ["sleep", "600"], HostConfig: { NetworkMode: network } };
    const own = await engine.ask<{ Id: string }>({ method: "POST", path: "/containers/create", json });
    try {
      await engine.ask({ method: "POST", path: `/containers/${own.Id}/start` });
      await subject.driver.arrange({ vpcs: [], fileSystems: [] });
      expect(await networks()).toEqual([network]);
      await subject.driver.arrange({ vpcs: [VPC], fileSystems: [] });
      expect(await networks()).toEqual([network]);
      const other = { ...VPC, range: `10.${NET}.0.0/25` };
      await subject.driver.arrange({ vpcs: [], fileSystems: [] });
      await expect(subject.driver.arrange({ vpcs: [other], fileSystems: [] })).rejects.toThrow("cannot have");
    } finally {
      await engine.ask({ method: "DELETE", path: `/containers/${own.Id}?force=1` });
    }
    await subject.driver.arrange({ vpcs: [VPC], fileSystems: [] });
  });

  test("makes a gateway anew that somebody has removed", async () => {
    await using subject = await closing();
    await subject.driver.arrange({ vpcs: [{ ...VPC, zones: ZONES }], fileSystems: [] });
    const [gone = ""] = await gateways();
    await engine.ask({ method: "DELETE", path: `/containers/${gone}?force=1` });
    await subject.driver.arrange({ vpcs: [{ ...VPC, zones: ZONES }], fileSystems: [] });
    expect(await gateways()).toEqual([expect.not.stringContaining(gone)]);
  });

  test("says what to build when there is no image for gateways, and does without where none is needed", async () => {
    await using subject = await closing("fungraph-nowhere");
    const open = { ...VPC, nat: {} };
    await expect(subject.driver.arrange({ vpcs: [open], fileSystems: [] })).rejects.toThrow(
      'fungraph images build "gateway"',
    );
    await subject.driver.arrange({ vpcs: [VPC], fileSystems: [] });
    expect(await networks()).toHaveLength(1);
  });

  /** Networks and gateways, in the order of their ids. */
  async function ofVpc(): Promise<string[]> {
    const paths = [
      `/networks?${by("vpc")}`,
      `/networks?${by("egress")}`,
      `/containers/json?all=1&${by("vpc")}`,
    ];
    const found = await Promise.all(
      paths.map((path) => engine.ask<{ Id: string }[]>({ method: "GET", path })),
    );
    return found
      .flat()
      .map(({ Id }) => Id)
      .toSorted();
  }

  async function gateways(): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`fungraph.vpc=${VPC.id}`] }));
    const found = await engine.ask<{ Id: string }[]>({
      method: "GET",
      path: `/containers/json?filters=${filters}`,
    });
    return found.map(({ Id }) => Id);
  }

  async function networks(): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`fungraph.vpc=${VPC.id}`] }));
    const path = `/networks?filters=${filters}`;
    const found = await engine.ask<{ Name: string }[]>({ method: "GET", path });
    return found.map(({ Name }) => Name);
  }
});

/** A driver that leaves nothing when it is closed. */
async function closing(
  repository?: string,
): Promise<Awaited<ReturnType<typeof dockerSubject>> & AsyncDisposable> {
  const subject = await dockerSubject(repository);
  return {
    ...subject,
    [Symbol.asyncDispose]: async () => {
      await subject.driver.close();
      expect(await subject.leftovers()).toEqual([]);
      subject.remove();
    },
  };
}

function by(label: string): string {
  return `filters=${encodeURIComponent(JSON.stringify({ label: [`fungraph.${label}=${VPC.id}`] }))}`;
}

/** The platform's own, for one network. */
function rulesOf(network: string): string[] {
  const lines = rules().split("\n");
  return lines.filter((line) => line.includes(`/${bridgeName(network)}`));
}

function rules(): string {
  try {
    return execFileSync("iptables-save", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    // Without the program there are no rules.
    return "";
  }
}
