import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterConfig } from "../platform/roles/config.ts";
import { POSTGRES_HERE, TemporaryPostgres } from "../test/support/postgres.ts";
import { clientOf, deployEcho } from "./deployment.ts";
import { runLoad, type Load } from "./load.ts";
import { treeCpuMs } from "./process-cpu.ts";
import { BODY } from "./rounds.ts";
import { startServer, type BenchServer } from "./server.ts";

/** What one gateway process did, and two of the same platform together. */
export interface GatewaysRound {
  readonly one: GatewaysSample;
  readonly two: GatewaysSample;
}

/** What gateways did for 64 connections in all. */
export interface GatewaysSample {
  readonly perSecond: number;
  /** CPU time of all processes of the platform for one request. */
  readonly cpuMicros: number;
}

const CONNECTIONS = 64;
const POLL_MS = 100;
const READY_MS = 60_000;

/**
 * Measures a scheduler and two gateways over PostgreSQL: the load on one gateway, then shared by both. All may use every core; the load has to
 * share one with them.
 * @returns none where there is no PostgreSQL
 */
export async function measureGateways(rounds: number, seconds: number): Promise<GatewaysRound[]> {
  if (!POSTGRES_HERE) return [];
  await using stack = new AsyncDisposableStack();
  const postgres = stack.use(await TemporaryPostgres.start());
  const folder = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const keyFile = join(folder, "key");
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  const shared = { database: postgres.database(), keyFile, logsDir: join(folder, "logs") };
  const start = async (role: ClusterConfig["role"]): Promise<BenchServer> => {
    const cluster = JSON.stringify({ role, ...shared } satisfies ClusterConfig);
    return stack.use(await startServer("platform-server.ts", { ...KEPT, BENCH_CLUSTER: cluster }, "all"));
  };
  // Gateways wait for the first scheduler, and end before it.
  const scheduler = await start("scheduler");
  const gateways = [await start("gateway"), await start("gateway")];
  const client = clientOf(scheduler);
  await deployEcho(client, { name: "many", concurrency: CONNECTIONS });
  client.close();
  const loads = gateways.map(({ port }) => ({
    port,
    path: "/many",
    headers: JSON_TYPE,
    body: BODY,
    seconds,
  }));
  for (const load of loads) await answers(load);
  const pids = [scheduler, ...gateways].map(({ pid }) => pid);
  const results: GatewaysRound[] = [];
  // The first does not count: compilers of code have done their work then.
  for (let round = -1; round < rounds; round++) {
    const one = await measure(pids, loads.slice(0, 1));
    const two = await measure(pids, loads);
    if (round >= 0) results.push({ one, two });
  }
  return results;
}

const KEPT = { BENCH_IDLE: "3600", BENCH_WARMTH: "off" };
const JSON_TYPE = { "content-type": "application/json" };

async function measure(
  pids: readonly number[],
  loads: readonly Omit<Load, "connections">[],
): Promise<GatewaysSample> {
  const cpuMs = (): number => pids.reduce((sum, pid) => sum + treeCpuMs(pid), 0);
  const before = cpuMs();
  const connections = CONNECTIONS / loads.length;
  const results = await Promise.all(loads.map((load) => runLoad({ ...load, connections })));
  const failed = results.reduce((sum, one) => sum + one.failed, 0);
  if (failed > 0) throw new Error(`${failed} requests through ${loads.length} gateways failed`);
  const requests = results.reduce((sum, one) => sum + one.requests, 0);
  const perSecond = results.reduce((sum, one) => sum + one.perSecond, 0);
  return { perSecond, cpuMicros: ((cpuMs() - before) * 1000) / requests };
}

/** A gateway hears of a new function a moment after the process that took it. */
async function answers({ port, path }: Omit<Load, "connections">): Promise<void> {
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(POLL_MS)) {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, {
      method: "POST",
      headers: JSON_TYPE,
      body: BODY,
    });
    if (reply.status === 200 && (await reply.text()) === BODY) return;
  }
  throw new Error(`the gateway on port ${port} did not answer ${path} within ${READY_MS / 1000} s`);
}
