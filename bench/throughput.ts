import { sign } from "../model/signature.ts";
import { clientOf, deployEcho, runtimeOf } from "./deployment.ts";
import { BENCH_LANGUAGES } from "./languages/index.ts";
import { BODY, measureRounds, type Row, type Throughput } from "./rounds.ts";
import { startBare, startServer, type BenchServer } from "./server.ts";

/** Measures every row in every round; the bare echo is the first of each group. */
export async function measureThroughput(rounds: number, seconds: number): Promise<Throughput> {
  await using bare = await startBare();
  // Each row waits for its next turn longer than instances are kept; a start would be measured with it, and what an ended one used is lost.
  const kept = { BENCH_IDLE: "3600", BENCH_WARMTH: "off" };
  await using platform = await startServer("platform-server.ts", kept);
  const rows = await prepareRows(bare, platform, seconds);
  return await measureRounds(rows, rounds);
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
