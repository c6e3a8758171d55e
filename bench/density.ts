import { readFileSync } from "node:fs";
import { Transport } from "../client/transport.ts";
import { clientOf, optionsOf } from "./deployment.ts";
import { startServer } from "./server.ts";
import { createSmall } from "./stock.ts";

/** Functions that are made and called at the same time. */
const WORKERS = 4;
const LOOK_MS = 500;
/** Threads end after a minute without work, and V8 gives back what it held for more at its second collection after that. */
const QUIET_MS = 120_000;

/** MB of the platform's own process with functions that were called once. */
export interface Density {
  /** When the last of their instances has ended. */
  readonly endedMb: number;
  /** After `QUIET_MS` without work. */
  readonly restMb: number;
}

/** Measures it with so many functions. */
export async function measureDensity(functions: number): Promise<Density> {
  await using server = await startServer("platform-server.ts", { BENCH_IDLE: "1" }, "all");
  const client = clientOf(server);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < functions; at = next++) {
      const name = `idle-${at}`;
      await createSmall(client, name);
      const { failed } = await client.invocations.invoke(name, "{}");
      if (failed) throw new Error(`${name} failed`);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  client.close();
  const transport = new Transport(optionsOf(server));
  const call = { method: "GET", path: "/fungraph/v1/instances" } as const;
  let left = Infinity;
  while (left > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    left = await transport.json(call, (body) => (body as { instances: unknown[] }).instances.length);
  }
  transport.close();
  const endedMb = residentMb(server.pid);
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  return { endedMb, restMb: residentMb(server.pid) };
}

function residentMb(pid: number): number {
  const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}
