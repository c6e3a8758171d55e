import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Client as PostgresClient } from "pg";
import { sign } from "../model/signature.ts";
import type { Client } from "../client/client.ts";
import { Transport } from "../client/transport.ts";
import { clientOf, deployEcho, ROUTE } from "./deployment.ts";
import { runLoad, type Load, type LoadResult } from "./load.ts";
import { BODY } from "./rounds.ts";
import { POSTGRES_HERE } from "../test/support/postgres.ts";
import { pinned, startServer, type BenchServer } from "./server.ts";

/** What a queue does. */
export interface QueueSpeed {
  /** Requests accepted in a second, 64 connections, while those before them run. */
  readonly accepted: number;
  /** Requests that ran in a second, from the first that was accepted to the last that ended. */
  readonly ran: number;
  /** One connection: from the request to the 202. */
  readonly single: LoadResult;
}

/** One round of asynchronous work, and the disk's own speed in the same round. */
export interface AsyncRound extends QueueSpeed {
  /** A gateway over PostgreSQL, which has the same core; undefined where PostgreSQL is not. */
  readonly shared: QueueSpeed | undefined;
  /** Rows a second and ms a commit of SQLite alone. */
  readonly control: { readonly rowsPerSecond: number; readonly singleMs: number };
  /** Cores that 10,000 hourly timers use. */
  readonly timerCores: number;
}

const POLL_MS = 20;

/** Measures what the queue accepts and runs: a signed call for one connection, an asynchronous HTTP trigger for many. */
export async function measureAsync(rounds: number, seconds: number): Promise<AsyncRound[]> {
  await using embedded = await startQueue("platform-server.ts", drained);
  await using shared = POSTGRES_HERE ? await startQueue("shared-server.ts", emptied) : undefined;
  const results: AsyncRound[] = [];
  for (let round = 0; round < rounds; round++) {
    const control = JSON.parse(script("async-control.ts")) as AsyncRound["control"];
    const speed = await embedded.measure(seconds);
    const overPostgres = await shared?.measure(seconds);
    const { core } = JSON.parse(script("timers.ts", "5")) as { core: number };
    results.push({ ...speed, shared: overPostgres, control, timerCores: core });
  }
  return results;
}

/** A platform with a queue that is warm. */
interface MeasuredQueue extends AsyncDisposable {
  measure(seconds: number): Promise<QueueSpeed>;
}

/** @param idle resolves when nothing waits or runs */
async function startQueue(
  program: string,
  idle: (server: BenchServer) => Promise<void>,
): Promise<MeasuredQueue> {
  const server = await startServer(program);
  const client = clientOf(server);
  const urn = await deployQueue(client);
  client.close();
  const many = { port: server.port, path: "/queue", headers: JSON_TYPE, body: BODY, connections: 64 };
  await runLoad({ ...many, seconds: 2 });
  await idle(server);
  return {
    async measure(seconds) {
      const began = performance.now();
      const load = await runLoad({ ...many, seconds });
      await idle(server);
      const ran = load.requests / ((performance.now() - began) / 1000);
      const single = await runLoad({ ...signed(server, urn), connections: 1, seconds });
      await idle(server);
      const refused = load.failed + single.failed;
      if (refused > 0) throw new Error(`${refused} requests were refused`);
      return { accepted: load.perSecond, ran, single };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
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

/** Resolves when the database has no request any more. */
async function emptied({ facts: { database = "" } }: BenchServer): Promise<void> {
  const client = new PostgresClient({ connectionString: database });
  await client.connect();
  for (let left = 1; left > 0; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
    const { rows } = await client.query<{ left: number }>(
      "SELECT count(*)::integer AS left FROM (SELECT 1 FROM fungraph.requests LIMIT 1) AS any_request",
    );
    left = rows[0]?.left ?? 0;
  }
  await client.end();
}

/** What a script of this folder prints, on core 0. */
function script(name: string, ...args: string[]): string {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const [program, given] = pinned(0, [process.execPath, path, ...args]);
  return execFileSync(program, given, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
