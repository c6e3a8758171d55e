import { Transport } from "../client/transport.ts";
import type { DriverName } from "../platform/drivers/open-driver.ts";
import type { InstanceView } from "../platform/scheduler/scheduler.ts";
import { clientOf, deployEcho, optionsOf } from "./deployment.ts";
import { firstByte } from "./first-byte.ts";
import { startServer } from "./server.ts";

const LOOK_MS = 100;

/** Milliseconds that a call to a paused reserved instance takes longer than the call right after it; sorted. */
export async function measureResume(driver: DriverName, count: number): Promise<number[]> {
  await using server = await startServer("platform-server.ts", { BENCH_DRIVER: driver }, "all");
  const client = clientOf(server);
  const urn = await deployEcho(client, { name: "kept" });
  client.close();
  const transport = new Transport(optionsOf(server));
  const path = `/v2/${server.facts["projectId"] ?? ""}/fgs/functions/${urn}/reservedinstances`;
  await transport.send({ method: "PUT", path, body: { count: 1, idle_mode: true } });
  const url = `http://127.0.0.1:${server.port}/kept`;
  const times: number[] = [];
  // The first one pays for what is done for the first time.
  for (let at = 0; at <= count; at++) {
    // An answer may come before it is known that the instance was woken.
    await until(transport, false);
    await until(transport, true);
    const paused = await firstByte(url);
    const awake = await firstByte(url);
    if (at > 0) times.push(Math.max(0, paused - awake));
  }
  transport.close();
  return times.sort((one, other) => one - other);
}

/** Waits until the reserved instance is there and paused, or not. */
async function until(transport: Transport, wanted: boolean): Promise<void> {
  const call = { method: "GET", path: "/fungraph/v1/instances" } as const;
  for (;;) {
    const { instances } = await transport.json(call, (body) => body as { instances: InstanceView[] });
    if (instances.some(({ paused, reserved }) => reserved && paused === wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
