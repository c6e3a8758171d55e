import { spawnSync } from "node:child_process";
import type { RuntimeFamily } from "../model/runtimes.ts";
import { Interpreters } from "../platform/drivers/process/interpreters.ts";
import { firstByte } from "./first-byte.ts";
import { clientOf, deployEcho, runtimeOf } from "./deployment.ts";
import { startServer } from "./server.ts";

/** After this time the sandboxes that are kept ready are there again. */
const SETTLE_MS = 1000;

/**
 * Milliseconds from the request to the first byte of its reply, of functions that are called for the first time at the same moment, without a
 * pool: more than there are sandboxes kept ready. Sorted; empty without the interpreter.
 */
export async function measureColdCrowds(
  family: RuntimeFamily,
  size: number,
  rounds: number,
): Promise<number[]> {
  await using server = await startServer("platform-server.ts", { BENCH_POOL: "0" }, "all");
  const runtime = runtimeOf(server, family);
  if (runtime === undefined) return [];
  const client = clientOf(server);
  const times: number[] = [];
  // The first one pays for what the platform itself does for the first time.
  for (let round = 0; round <= rounds; round++) {
    const names = Array.from({ length: size }, (_, at) => `cold-${round}-${at}`);
    for (const name of names) await deployEcho(client, { name, runtime });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const took = await Promise.all(names.map((name) => firstByte(`http://127.0.0.1:${server.port}/${name}`)));
    if (round > 0) times.push(...took);
  }
  client.close();
  return times.sort((one, other) => one - other);
}

/** Milliseconds that an interpreter takes to start, do nothing and end: a program that is started for a function takes no less. Sorted. */
export async function measureBareStarts(family: "nodejs" | "python", count: number): Promise<number[]> {
  const interpreters = new Interpreters();
  const here = (await interpreters.availability()).filter((one) => one.family === family && one.available);
  const runtime = here.at(-1)?.runtime;
  if (runtime === undefined) return [];
  const { program } = await interpreters.find(runtime);
  const nothing = family === "nodejs" ? ["-e", "0"] : ["-E", "-s", "-S", "-c", "0"];
  const times = Array.from({ length: count }, () => {
    const began = performance.now();
    spawnSync(program, nothing);
    return performance.now() - began;
  });
  return times.sort((one, other) => one - other);
}
