import { clientOf, deployEcho } from "../deployment.ts";
import { runLoad, type Load } from "../load.ts";
import { BODY, type Row } from "../rounds.ts";
import { startServer, type BenchServer } from "../server.ts";
import { fastify } from "./http/fastify.ts";
import { functionsFramework } from "./http/functions-framework.ts";
import { lambdaEmulator } from "./http/lambda-emulator.ts";
import { miniflare } from "./http/miniflare.ts";
import { nodeHttp } from "./http/node-http.ts";
import { nuclio } from "./http/nuclio.ts";
import { ofWatchdog } from "./http/of-watchdog.ts";
import { queueProxy } from "./http/queue-proxy.ts";
import { serverlessOffline } from "./http/serverless-offline.ts";
import { workerd } from "./http/workerd.ts";
import { MissingPeer, type HttpPeer } from "./peer.ts";

/** Everything that answers requests, in the order of the table. */
export const HTTP_PEERS: readonly HttpPeer[] = [
  nodeHttp,
  fastify,
  functionsFramework,
  workerd,
  miniflare,
  serverlessOffline,
  queueProxy,
  ofWatchdog,
  lambdaEmulator,
  nuclio,
];

/** Rows of Fungraph: an echo behind an HTTP trigger, with many requests at the same time and with one. */
export const MANY = "Fungraph, concurrency 64";
export const ONE = "Fungraph, concurrency 1";

/** A server that answers. */
export interface Started {
  readonly name: string;
  readonly server: BenchServer;
  readonly path: string;
  /** Requests that it takes at the same time. */
  readonly atOnce: number;
}

/** Starts the servers that can be had; what is missing and why goes to `missing`. */
export async function startServers(
  peers: readonly HttpPeer[],
  stack: AsyncDisposableStack,
  missing: string[],
): Promise<Started[]> {
  // Each waits for its next turn longer than instances are kept.
  const kept = { BENCH_IDLE: "3600", BENCH_WARMTH: "off" };
  const platform = stack.use(await startServer("platform-server.ts", kept));
  const client = clientOf(platform);
  await deployEcho(client, { name: "many", concurrency: 64 });
  await deployEcho(client, { name: "one", concurrency: 1 });
  client.close();
  const started: Started[] = [
    { name: MANY, server: platform, path: "/many", atOnce: Infinity },
    { name: ONE, server: platform, path: "/one", atOnce: Infinity },
  ];
  for (const { name, path = "/", atOnce = Infinity, start } of peers) {
    process.stderr.write(`starting ${name} ...\n`);
    try {
      const server = stack.use(await start());
      const one = { name, server, path, atOnce };
      await mustEcho(one);
      started.push(one);
    } catch (error) {
      missing.push(`${name}: ${error instanceof MissingPeer ? error.message : String(error)}`);
    }
  }
  return started;
}

/** The row of a server with so many connections, or as many as it takes. */
export function rowOf(
  { name, server, path, atOnce }: Started,
  load: Pick<Load, "connections" | "seconds">,
): Row {
  const connections = Math.min(load.connections, atOnce);
  const target = { port: server.port, path, headers: JSON_TYPE, body: BODY };
  return { name, server, load: { ...target, connections, seconds: load.seconds } };
}

const JSON_TYPE = { "content-type": "application/json" };

/** What answers something else than it was sent is no echo, however fast it is; nor is what fails with many connections. */
async function mustEcho(started: Started): Promise<void> {
  const { server, path } = started;
  const request = { method: "POST", headers: JSON_TYPE, body: BODY };
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, request);
  const text = await response.text();
  if (response.status !== 200 || text !== BODY)
    throw new Error(`it answers ${response.status} ${text.slice(0, 200)}`);
  const { failed } = await runLoad(rowOf(started, { connections: 64, seconds: 1 }).load);
  if (failed > 0) throw new Error(`it refused ${failed} requests in a second`);
}
