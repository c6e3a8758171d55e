import type { RuntimeFamily } from "../model/runtimes.ts";
import type { DriverName } from "../platform/drivers/open-driver.ts";
import { clientOf, deployEcho, runtimeOf } from "./deployment.ts";
import { firstByte } from "./first-byte.ts";
import { startServer } from "./server.ts";

/** A pool that was used is full again after this time. */
const SETTLE_MS: Readonly<Record<DriverName, number>> = { process: 1000, docker: 2500 };

/** Milliseconds from the request to the first byte of its reply, of functions never called before; sorted, empty without the interpreter or image. */
export async function measureColdStarts(
  family: RuntimeFamily,
  poolSize: number,
  count: number,
  driver: DriverName = "process",
): Promise<number[]> {
  const settings = { BENCH_POOL: String(poolSize), BENCH_DRIVER: driver };
  await using server = await startServer("platform-server.ts", settings, "all");
  const runtime = runtimeOf(server, family);
  if (runtime === undefined) return [];
  const client = clientOf(server);
  const times: number[] = [];
  // The first one pays for what the platform itself does for the first time.
  for (let at = 0; at <= count; at++) {
    const name = `cold-${at}`;
    await deployEcho(client, { name, runtime });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS[driver]));
    const took = await firstByte(`http://127.0.0.1:${server.port}/${name}`);
    if (at > 0) times.push(took);
  }
  client.close();
  return times.sort((one, other) => one - other);
}
