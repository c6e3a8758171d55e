import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sign } from "../model/signature.ts";
import type { Client } from "../client/client.ts";
import { Transport } from "../client/transport.ts";
import { clientOf, deployEcho, ROUTE } from "./deployment.ts";
import { runLoad, type Load, type LoadResult } from "./load.ts";
import { BODY } from "./rounds.ts";
import { pinned, startServer, type BenchServer } from "./server.ts";

/** One round of asynchronous work, and the disk's own speed in the same round. */
export interface AsyncRound {
  /** Requests accepted in a second, 64 connections, while those before them run. */
  readonly accepted: number;
  /** Requests that ran in a second, from the first that was accepted to the last that ended. */
  readonly ran: number;
  /** One connection: from the request to the 202. */
  readonly single: LoadResult;
  /** Rows a second and ms a commit of SQLite alone. */
  readonly control: { readonly rowsPerSecond: number; readonly singleMs: number };
  /** Cores that 10,000 hourly timers use. */
  readonly timerCores: number;
}

const POLL_MS = 20;

/** Measures what the queue accepts and runs: a signed call for one connection, an asynchronous HTTP trigger for many. */
export async function measureAsync(rounds: number, seconds: number): Promise<AsyncRound[]> {
  await using server = await startServer("platform-server.ts");
  const client = clientOf(server);
  const urn = await deployQueue(client);
  client.close();
  const many = {
    port: server.port,
    path: "/queue",
    headers: JSON_TYPE,
    body: BODY,
    connections: 64,
    seconds,
  };
  await runLoad({ ...many, seconds: 2 });
  await drained(server);
  const results: AsyncRound[] = [];
  for (let round = 0; round < rounds; round++) results.push(await measureRound(server, urn, many));
  return results;
}

/** Creates an echo that an asynchronous HTTP trigger calls, `/queue`; answers its URN. */
export async function deployQueue(client: Client): Promise<string> {
  const urn = await deployEcho(client, { name: "later", handler: "index.plain", concurrency: 64 });
  await client.triggers.create(urn, {
    type: "APIG",
    status: "ACTIVE",
    eventData: {
      ...ROUTE,
      name: "queue",
      path: "/queue",
      func_info: { ...ROUTE.func_info, invocation_type: "async" },
    },
  });
  return urn;
}

const JSON_TYPE = { "content-type": "application/json" };

async function measureRound(server: BenchServer, urn: string, many: Load): Promise<AsyncRound> {
  const control = JSON.parse(script("async-control.ts")) as AsyncRound["control"];
  const began = performance.now();
  const load = await runLoad(many);
  await drained(server);
  const ran = load.requests / ((performance.now() - began) / 1000);
  const single = await runLoad({ ...signed(server, urn), connections: 1, seconds: many.seconds });
  await drained(server);
  if (load.failed + single.failed > 0)
    throw new Error(`${load.failed + single.failed} requests were refused`);
  const { core } = JSON.parse(script("timers.ts", "5")) as { core: number };
  return { accepted: load.perSecond, ran, single, control, timerCores: core };
}

function signed(server: BenchServer, urn: string): Omit<Load, "connections" | "seconds"> {
  const { projectId = "", accessKey = "", secretKey = "" } = server.facts;
  const path = `/v2/${projectId}/fgs/functions/${urn}/invocations-async`;
  const headers = { ...JSON_TYPE, host: `127.0.0.1:${server.port}` };
  const signature = sign({ method: "POST", path, query: "", headers, body: BODY }, { accessKey, secretKey });
  return { port: server.port, path, headers: { ...headers, ...signature }, body: BODY };
}

/** Resolves when nothing waits or runs. */
export async function drained(server: BenchServer): Promise<void> {
  const { endpoint = "", projectId = "", accessKey = "", secretKey = "" } = server.facts;
  const transport = new Transport({ endpoint, projectId, accessKey, secretKey });
  for (let left = 1; left > 0; await new Promise((resolve) => setTimeout(resolve, POLL_MS)))
    left = await transport.json({ method: "GET", path: "/fungraph/v1/health" }, (body) => {
      const { asyncWaiting, asyncRunning } = body as Record<string, number>;
      return (asyncWaiting ?? 0) + (asyncRunning ?? 0);
    });
  transport.close();
}

/** What a script of this folder prints, on core 0. */
function script(name: string, ...args: string[]): string {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const [program, given] = pinned(0, [process.execPath, path, ...args]);
  return execFileSync(program, given, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
