import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { Client } from "../../client/client.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { Load, type Failure } from "./load.ts";
import { Cluster, type MemberProcess } from "./members.ts";

/** Rounds of four kills. */
const ROUNDS = Number(process.env["FUNGRAPH_CLUSTER_ROUNDS"] ?? 1);
const CALLERS_EACH = 2;
/** Load before each kill and after each restart. */
const STEADY_MS = 500;
/** Load between a kill and the restart. */
const HEARD_MS = 2_000;
/** Instances end after their scheduler, and gateways hear of that, within this time. */
const KNOWN_MS = 300;

const CODE = `exports.handler = async (event, context) => {
  await new Promise((done) => setTimeout(done, 5));
  return { statusCode: 200, headers: {}, isBase64Encoded: false, body: "ok" };
};`;
const DATA = {
  group_id: "g",
  sl_domain: "",
  name: "hello",
  path: "/hello",
  protocol: "HTTP",
  req_method: "ANY",
  match_mode: "SWA",
  env_name: "RELEASE",
  env_id: "release",
  auth: "NONE",
  func_info: { timeout: 5000 },
};

interface Health {
  readonly asyncWaiting: number;
  readonly asyncRunning: number;
  readonly asyncSuccess: number;
  readonly asyncFailed: number;
}

test.skipIf(!POSTGRES_HERE)(
  "the kill of any one of two gateways and two schedulers fails only what was in flight on it, and loses nothing",
  async () => {
    await using cluster = await Cluster.start({ isolation: "auto" });
    const gateways = cluster.of("gateway");
    const first = gateways[0]?.process;
    const urn = (await first?.deploy("hello", CODE)) ?? "";
    await first?.client.triggers.create(urn, { type: "APIG", status: "ACTIVE", eventData: { ...DATA } });

    const load = new Load(
      gateways.map(({ port }) => port),
      "/hello",
      CALLERS_EACH,
    );
    const writer = new Writer(cluster, urn);
    const told: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      for (const victim of await victims(cluster)) {
        await sleep(STEADY_MS);
        const before = load.failures.length;
        const from = performance.now();
        await victim.kill();
        const until = performance.now();
        await sleep(HEARD_MS);
        const failed = load.failures.slice(before);
        told.push(`${victim.name}: ${failed.length} in flight`);
        expect(excess(failed, { victim, from, until })).toEqual([]);
        await victim.start();
        await cluster.whole();
        await sleep(STEADY_MS);
        expect(load.failures.slice(before + failed.length)).toEqual([]);
      }
    await Promise.all([load.stop(), writer.stop()]);

    expect(load.answered).toBeGreaterThan(100);
    expect(writer.accepted).toBeGreaterThan(10);
    expect(writer.tags.size).toBeGreaterThan(3);
    const reader = gateways[1]?.process;
    await vi.waitFor(async () => {
      const health = await reader?.get<Health>("health");
      expect(health).toMatchObject({ asyncWaiting: 0, asyncRunning: 0, asyncFailed: 0 });
      expect(health?.asyncSuccess).toBeGreaterThanOrEqual(writer.accepted);
    }, 30_000);
    const functions = (await reader?.client.functions.list()) ?? [];
    expect(functions.map((one) => one.spec.name)).toEqual(expect.arrayContaining([...writer.tags]));
    console.log(
      `${load.answered} answered; ${told.join(", ")}; ${writer.accepted} accepted, ${writer.tags.size} changes`,
    );
  },
  400_000 * ROUNDS,
);

/** The leader before the other scheduler, so that the lead changes twice. */
async function victims(cluster: Cluster): Promise<MemberProcess[]> {
  const leader = await cluster.leader();
  const [other] = cluster.of("scheduler").filter((one) => one !== leader);
  return [...cluster.of("gateway"), leader, ...(other === undefined ? [] : [other])];
}

/** From the order to the end of the process; in between it still takes connections and calls. */
interface Kill {
  readonly victim: MemberProcess;
  readonly from: number;
  readonly until: number;
}

/** Failures that cannot have been in flight on the victim: they were elsewhere, or began when it was gone and that was known. */
function excess(failures: readonly Failure[], { victim, from, until }: Kill): Failure[] {
  return failures.filter(({ port, began, ended }) => {
    const there = victim.role === "scheduler" || port === victim.port;
    const known = victim.role === "scheduler" ? until + KNOWN_MS : until;
    return !there || began > known || ended < from;
  });
}

/** Leaves asynchronous requests and changes the control plane; remembers what was acknowledged. */
class Writer {
  accepted = 0;
  readonly tags = new Set<string>();
  readonly #cluster: Cluster;
  readonly #urn: string;
  readonly #loops: Promise<void>[];
  #over = false;

  constructor(cluster: Cluster, urn: string) {
    this.#cluster = cluster;
    this.#urn = urn;
    this.#loops = [this.#leave(), this.#change()];
  }

  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#loops);
  }

  async #leave(): Promise<void> {
    for (let number = 0; !this.#over; number += 1) {
      await this.#with(number, async (client) => {
        await client.invocations.invokeAsync(this.#urn, "{}");
        this.accepted += 1;
      });
      await sleep(20);
    }
  }

  async #change(): Promise<void> {
    for (let number = 0; !this.#over; number += 1) {
      const name = `made-${number}`;
      await this.#with(number, async () => {
        await this.#gateway(number)?.deploy(name, CODE);
        this.tags.add(name);
      });
      await sleep(250);
    }
  }

  /** What a killed process did not acknowledge may or may not have happened. */
  async #with(number: number, work: (client: Client) => Promise<void>): Promise<void> {
    const gateway = this.#gateway(number);
    if (gateway !== undefined) await work(gateway.client).catch(() => undefined);
  }

  #gateway(number: number): MemberProcess["process"] | undefined {
    const gateways = this.#cluster.of("gateway").filter(({ runs }) => runs);
    return gateways[number % gateways.length]?.process;
  }
}
