import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Paths } from "../client/paths.ts";
import { Transport } from "../client/transport.ts";
import { clientOf, deployEcho, optionsOf } from "./deployment.ts";
import { measureHolds } from "./holds.ts";
import { runLoad, type LoadResult } from "./load.ts";
import { pinned, startServer, type BenchServer } from "./server.ts";
import { buildStock, createSmall, stockName } from "./stock.ts";

const READS = 200;
const CREATES = 100;
/** A load that the platform carries easily, so that what the burst adds is seen, and not a queue of the load's own. */
const STEADY = { connections: 20, perSecond: 1000 };

/** Whether processes can be had that run only where no other wants to. */
const canIdle = spawnSync("chrt", ["--idle", "0", "true"]).status === 0;

/** How the control plane answers with a full project, and what a burst of its calls does to invocations. */
export interface ControlPlane {
  /** Milliseconds of calls one after the other over one kept connection; sorted. */
  readonly times: readonly { readonly name: string; readonly goal: string; readonly ms: readonly number[] }[];
  readonly bursts: readonly BurstRound[];
}

/** The same steady invocations without a burst, and with one right after. */
export interface BurstRound {
  readonly alone: LoadResult;
  readonly burst: LoadResult;
  /** Calls of the burst per second. */
  readonly callsPerSecond: number;
}

/** Builds 400 functions with 10 versions and 10 aliases each through the API, then measures. */
export async function measureControlPlane(rounds: number, seconds: number): Promise<ControlPlane> {
  await using server = await startServer("platform-server.ts");
  const client = clientOf(server);
  await buildStock(client);
  const times = [...(await measureCalls(server)), ...(await measureHolds(server))];
  await deployEcho(client, { name: "steady", concurrency: 64 });
  client.close();
  const bursts: BurstRound[] = [];
  await steadyLoad(server, 2);
  for (let at = 0; at < rounds; at++) {
    const alone = await steadyLoad(server, seconds);
    const { result: burst, calls } = await duringBurst(server, () => steadyLoad(server, seconds));
    bursts.push({ alone, burst, callsPerSecond: calls / seconds });
  }
  return { times, bursts };
}

async function measureCalls(server: BenchServer): Promise<ControlPlane["times"]> {
  const transport = new Transport(optionsOf(server));
  const paths = new Paths(optionsOf(server).projectId);
  const get = (path: string, query = {}) =>
    timed(READS, () => transport.send({ method: "GET", path, query }));
  const functions = paths.functions();
  const list = await get(functions);
  const page = await get(functions, { maxitems: 100 });
  const config = await get(paths.function(stockName(7), "config"));
  transport.close();
  const client = clientOf(server);
  const create = await timed(CREATES, (at) => createSmall(client, `create-${at}`));
  client.close();
  return [
    { name: "list 400 functions, one page", goal: "≤ 5", ms: list },
    { name: "list 100 of 400 functions", goal: "≤ 5", ms: page },
    { name: "read a configuration", goal: "", ms: config },
    { name: "create a function", goal: "≤ 10", ms: create },
  ];
}

/** Milliseconds of each of `count` calls, one after the other; sorted. The first tenth is a warm-up and left out. */
async function timed(count: number, call: (at: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let at = -count / 10; at < count; at++) {
    const began = performance.now();
    await call(at);
    if (at >= 0) times.push(performance.now() - began);
  }
  return times.sort((one, other) => one - other);
}

async function steadyLoad(server: BenchServer, seconds: number): Promise<LoadResult> {
  const headers = { "content-type": "application/json" };
  const load = { port: server.port, path: "/steady", headers, body: "{}", seconds, ...STEADY };
  const result = await runLoad(load);
  if (result.failed > 0) throw new Error(`${result.failed} steady requests failed`);
  return result;
}

async function duringBurst<T>(
  server: BenchServer,
  work: () => Promise<T>,
): Promise<{ result: T; calls: number }> {
  const script = fileURLToPath(new URL("burst-process.ts", import.meta.url));
  // The callers share a core with the load, whose measure must not be theirs: they get what it leaves, and give way at once.
  const lowest = canIdle ? ["chrt", "--idle", "0"] : ["nice", "-n", "19"];
  const command = [...lowest, process.execPath, script, JSON.stringify(optionsOf(server))];
  const [program, args] = pinned(1, command);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface(child.stdout);
  let last = "";
  lines.on("line", (line) => (last = line));
  const ended = once(child, "close");
  try {
    await once(lines, "line");
    const result = await work();
    return { result, calls: await stop() };
  } finally {
    child.kill("SIGKILL");
  }

  async function stop(): Promise<number> {
    child.kill("SIGTERM");
    await ended;
    return Number(last);
  }
}
