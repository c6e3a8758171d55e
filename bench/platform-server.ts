// A platform in a folder of its own. Prints where it is as JSON; ends in good order on SIGTERM.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { DRIVERS } from "../platform/drivers/open-driver.ts";
import { startPlatform } from "../platform/main.ts";
import type { ClusterConfig } from "../platform/roles/config.ts";

const dataDir = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
const poolSize = Number(process.env["BENCH_POOL"] ?? 2);
const idleSeconds = Number(process.env["BENCH_IDLE"] ?? 60);
const warmth = process.env["BENCH_WARMTH"] !== "off";
const driver = DRIVERS.find((name) => name === process.env["BENCH_DRIVER"]) ?? "process";
// A full project, and what is created beside it.
writeFileSync(join(dataDir, "limits.json"), JSON.stringify({ functions: 1000 }));
const limits = { concurrentExecutions: 1000 };
// One of several processes, see gateways.ts.
const given = process.env["BENCH_CLUSTER"];
const cluster = given === undefined ? undefined : (JSON.parse(given) as ClusterConfig);
const platform = await startPlatform({ dataDir, driver, poolSize, idleSeconds, warmth, limits, cluster });
const { endpoint, projectId, accessKey, secretKey, runtimes } = platform;
// The newest that runs here.
const newest = Object.fromEntries(
  runtimes.filter(({ available }) => available).map(({ family, runtime }) => [`runtime.${family}`, runtime]),
);
const port = Number(new URL(endpoint).port);
const holds = watchHolds();
await once(holds, "listening");
const holdsPort = (holds.address() as AddressInfo).port;
process.stdout.write(
  `${JSON.stringify({ port, holdsPort, endpoint, projectId, accessKey, secretKey, ...newest })}\n`,
);
process.once("SIGTERM", () => {
  holds.close();
  void platform.close().finally(() => {
    rmSync(dataDir, { recursive: true, force: true });
    process.exit(0);
  });
});

/** Answers the longest time, in milliseconds, that the event loop was held since it was asked last; 0 the first time. */
function watchHolds(): Server {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  return createServer((_, response) => {
    // Not before it is asked for: it wakes the process a thousand times a second, which everything else here would be measured with.
    delay.enable();
    response.end(String(Math.max(0, delay.max / 1e6 - resolution)));
    delay.reset();
  }).listen(0, "127.0.0.1");
}
