import { sign } from "../model/signature.ts";
import { clientOf, deployEcho, runtimeOf } from "./deployment.ts";
import { BENCH_LANGUAGES } from "./languages/index.ts";
import { runLoad, type Load } from "./load.ts";
import { machineCpuMs, treeCpuMs } from "./process-cpu.ts";
import { startServer, type BenchServer } from "./server.ts";

/** Cores that others may use in a round that counts as quiet. */
const QUIET_CORES = 0.12;
/** 221 bytes of JSON, as every figure here is measured with. */
const BODY = JSON.stringify({ id: 1_234_567, ok: true, text: "a".repeat(184) });

/** One measurement of one row. */
interface Sample {
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** CPU time of the server and its instances per request. */
  readonly cpuMicros: number;
}

/** The samples of all rows that were taken one after the other. */
interface Round {
  readonly samples: ReadonlyMap<string, Sample>;
  /** Cores that neither servers nor load used. */
  readonly others: number;
}

interface Row {
  readonly name: string;
  readonly server: BenchServer;
  readonly load: Load;
}

/** All rounds, and which of them count. */
export interface Throughput {
  readonly rows: readonly string[];
  readonly counted: readonly Round[];
  /** False when fewer quiet rounds than wanted were had, and noisy ones stand in. */
  readonly quiet: boolean;
}

/** Measures every row in every round; the bare echo is the first of each group. */
export async function measureThroughput(rounds: number, seconds: number): Promise<Throughput> {
  await using bare = await startServer("bare-server.ts");
  // Each row waits for its next turn longer than instances are kept; a start would be measured with it, and what an ended one used is lost.
  const kept = { BENCH_IDLE: "3600", BENCH_WARMTH: "off" };
  await using platform = await startServer("platform-server.ts", kept);
  const rows = await prepareRows(bare, platform, seconds);
  for (const row of rows) await runLoad({ ...row.load, seconds: 2 });
  const all: Round[] = [];
  // Noisy rounds are measured again, three times as many at most.
  while (all.filter(isQuiet).length < rounds && all.length < rounds * 3) all.push(await measureRound(rows));
  const quiet = all.filter(isQuiet);
  const enough = quiet.length >= rounds;
  const counted = enough ? quiet : all.toSorted((one, other) => one.others - other.others).slice(0, rounds);
  return { rows: rows.map((row) => row.name), counted, quiet: enough };
}

function isQuiet(round: Round): boolean {
  return round.others <= QUIET_CORES;
}

async function prepareRows(bare: BenchServer, platform: BenchServer, seconds: number): Promise<Row[]> {
  const client = clientOf(platform);
  await deployEcho(client, { name: "many", concurrency: 64 });
  await deployEcho(client, { name: "one", concurrency: 1 });
  // Node.js has its rows anyway.
  const others = BENCH_LANGUAGES.filter(
    ({ family }) => family !== "nodejs" && runtimeOf(platform, family) !== undefined,
  );
  for (const { family } of others)
    await deployEcho(client, { name: family, runtime: runtimeOf(platform, family) ?? "", concurrency: 64 });
  const urn = await deployEcho(client, { name: "signed", handler: "index.plain", concurrency: 64 });
  client.close();
  const headers = { "content-type": "application/json" };
  const http = (server: BenchServer, path: string, connections = 64): Pick<Row, "server" | "load"> => ({
    server,
    load: { port: server.port, path, headers, body: BODY, connections, seconds },
  });
  return [
    { name: "bare node:http echo", ...http(bare, "/") },
    { name: "HTTP trigger, concurrency 64", ...http(platform, "/many") },
    { name: "HTTP trigger, concurrency 1", ...http(platform, "/one") },
    ...others.map(({ family, name }) => ({
      name: `HTTP trigger, ${name}, concurrency 64`,
      ...http(platform, `/${family}`),
    })),
    { name: "invoke API, signed, concurrency 64", ...signedLoad(http(platform, ""), urn) },
    { name: "bare node:http echo, 1 connection", ...http(bare, "/", 1) },
    { name: "HTTP trigger, 1 connection", ...http(platform, "/many", 1) },
    ...others.map(({ family, name }) => ({
      name: `HTTP trigger, ${name}, 1 connection`,
      ...http(platform, `/${family}`, 1),
    })),
  ];
}

/** The same signed request again and again; its date stays within what is accepted. */
function signedLoad(
  { server, load }: Pick<Row, "server" | "load">,
  urn: string,
): Pick<Row, "server" | "load"> {
  const { projectId = "", accessKey = "", secretKey = "" } = server.facts;
  const path = `/v2/${projectId}/fgs/functions/${urn}/invocations`;
  const headers = { ...load.headers, host: `127.0.0.1:${server.port}` };
  const signature = sign({ method: "POST", path, query: "", headers, body: BODY }, { accessKey, secretKey });
  return { server, load: { ...load, path, headers: { ...headers, ...signature } } };
}

async function measureRound(rows: readonly Row[]): Promise<Round> {
  const samples = new Map<string, Sample>();
  const beganAt = performance.now();
  const machine = machineCpuMs() - process.cpuUsage().user / 1000;
  let ours = 0;
  for (const { name, server, load } of rows) {
    const before = treeCpuMs(server.pid);
    const result = await runLoad(load);
    const used = treeCpuMs(server.pid) - before;
    ours += used + result.cpuMs;
    if (result.failed > 0) throw new Error(`${name}: ${result.failed} requests failed`);
    const { perSecond, p50Micros, p99Micros, requests } = result;
    samples.set(name, { perSecond, p50Micros, p99Micros, cpuMicros: (used * 1000) / Math.max(1, requests) });
  }
  const spent = machineCpuMs() - process.cpuUsage().user / 1000 - machine;
  return { samples, others: Math.max(0, spent - ours) / (performance.now() - beganAt) };
}
