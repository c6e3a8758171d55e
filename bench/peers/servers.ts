import { clientOf, deployEcho } from "../deployment.ts";
import type { Load } from "../load.ts";
import { BODY, type Row } from "../rounds.ts";
import { startServer, type BenchServer } from "../server.ts";
import { fastify } from "./http/fastify.ts";
import { functionsFramework } from "./http/functions-framework.ts";
import { miniflare } from "./http/miniflare.ts";
import { nodeHttp } from "./http/node-http.ts";
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
];

/** Rows of Fungraph: an echo behind an HTTP trigger, with many requests at the same time and with one. */
export const MANY = "Fungraph, concurrency 64";
export const ONE = "Fungraph, concurrency 1";

/** Starts the servers that can be had; what is missing and why goes to `missing`. */
export async function startServers(
  peers: readonly HttpPeer[],
  stack: AsyncDisposableStack,
  missing: string[],
): Promise<{ readonly name: string; readonly server: BenchServer; readonly path: string }[]> {
  // Each waits for its next turn longer than instances are kept.
  const kept = { BENCH_IDLE: "3600", BENCH_WARMTH: "off" };
  const platform = stack.use(await startServer("platform-server.ts", kept));
  const client = clientOf(platform);
  await deployEcho(client, { name: "many", concurrency: 64 });
  await deployEcho(client, { name: "one", concurrency: 1 });
  client.close();
  const started = [
    { name: MANY, server: platform, path: "/many" },
    { name: ONE, server: platform, path: "/one" },
  ];
  for (const { name, path = "/", start } of peers) {
    process.stderr.write(`starting ${name} ...\n`);
    try {
      const server = stack.use(await start());
      await mustEcho(server, path);
      started.push({ name, server, path });
    } catch (error) {
      missing.push(`${name}: ${error instanceof MissingPeer ? error.message : String(error)}`);
    }
  }
  return started;
}

/** The row of a server with so many connections. */
export function rowOf(
  { name, server, path }: { readonly name: string; readonly server: BenchServer; readonly path: string },
  load: Pick<Load, "connections" | "seconds">,
): Row {
  return { name, server, load: { port: server.port, path, headers: JSON_TYPE, body: BODY, ...load } };
}

const JSON_TYPE = { "content-type": "application/json" };

/** What answers something else than it was sent is no echo, however fast it is. */
async function mustEcho({ port }: BenchServer, path: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: JSON_TYPE,
    body: BODY,
  });
  const text = await response.text();
  if (response.status !== 200 || text !== BODY)
    throw new Error(`it answers ${response.status} ${text.slice(0, 200)}`);
}
