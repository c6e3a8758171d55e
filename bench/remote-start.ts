import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Driver } from "../platform/drivers/driver.ts";
import { ProcessDriver } from "../platform/drivers/process/process-driver.ts";
import { DriverHost } from "../platform/drivers/remote/driver-host.ts";
import { RemoteDriver } from "../platform/drivers/remote/remote-driver.ts";
import { EmbeddedScheduler } from "../platform/scheduler/embedded.ts";
import { target } from "../test/scheduler/fixtures.ts";

/** Milliseconds from the wish for an instance of a hello function to its loaded instance, sorted. */
interface RemoteStarts {
  /** The process driver is in the scheduler's own process. */
  readonly own: number[];
  /** It is reached over the remote driver. */
  readonly remote: number[];
}

const CODE = "exports.handler = async (event, context) => 1;";
/** A stock that was used is full again after this time. */
const SETTLE_MS = 600;

/** What the remote driver costs a start without a pool: both in turns, in one process, so that only the driver differs. */
export async function measureRemoteStarts(count: number): Promise<RemoteStarts> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
  const codeRoot = join(folder, "code");
  mkdirSync(join(codeRoot, "hello"), { recursive: true });
  writeFileSync(join(codeRoot, "hello", "index.js"), CODE);
  const runDir = join(folder, "run");
  const host = await DriverHost.open({
    path: join(folder, "scheduler"),
    openDriver: (terms) => ProcessDriver.open({ runDir, ...terms }),
    problem,
  });
  const remote = await RemoteDriver.open({ runDir: join(folder, "gateway"), codeRoot, problem });
  remote.follow([join(folder, "scheduler")]);
  await remote.ready();
  const own = await ProcessDriver.open({ runDir, codeRoot });
  try {
    const [ownStart, remoteStart] = [own, remote].map((driver) => starter(driver, join(codeRoot, "hello")));
    const times: RemoteStarts = { own: [], remote: [] };
    // The first of each pays for what is made once.
    for (let round = 0; round <= count; round += 1)
      for (const [start, kept] of [
        [ownStart, times.own],
        [remoteStart, times.remote],
      ] as const) {
        const ms = (await start?.()) ?? 0;
        if (round > 0) kept.push(ms);
      }
    for (const kept of [times.own, times.remote]) kept.sort((one, other) => one - other);
    return times;
  } finally {
    await Promise.all([own.close(), remote.close()]);
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function starter(driver: Driver, codeDir: string): () => Promise<number> {
  const scheduler = new EmbeddedScheduler({ driver, warmPerRuntime: 0, line: () => undefined, problem });
  return async () => {
    const began = performance.now();
    const lease = await scheduler.acquire(target({ codeDir }));
    const took = performance.now() - began;
    await scheduler.release(lease);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return took;
  };
}

function problem(error: unknown): void {
  process.stderr.write(`${String(error)}\n`);
}
