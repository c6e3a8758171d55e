import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Forwarder } from "../cluster/forwarder.ts";
import { openDriver, openVpcKeeper } from "../drivers/open-driver.ts";
import type { Capabilities, RuntimeAvailability } from "../drivers/driver.ts";
import { DriverHost } from "../drivers/remote/driver-host.ts";
import { platformName } from "../store/postgres/foundation.ts";
import { SharedLogs } from "../telemetry/shared-logs.ts";
import { Timers } from "../triggers/timers.ts";
import type { DurableQueue } from "../triggers/async-queue.ts";
import type { Closers } from "./closers.ts";
import { openClusterGround, type ClusterGround } from "./cluster-ground.ts";
import type { ClusterConfig, PlatformConfig, PlatformFacts } from "./config.ts";
import { openControlPlane } from "./control-plane.ts";
import { listen } from "./endpoint.ts";
import { cleanLogs } from "./log-cleaning.ts";
import { gatewaysLive } from "./gateways-live.ts";
import { collectCode } from "./ground.ts";
import { answerHealth, MEMBER_PATH } from "./member-health.ts";
import { MemberServer } from "./member-server.ts";
import { openQueue } from "./queue.ts";
import { SharedSurroundings, type SharedGround } from "./shared-surroundings.ts";

/** One of the processes that start and end instances for gateways. One of them leads: it answers the control plane and fires timers. */
export async function serveScheduler(
  config: PlatformConfig,
  cluster: ClusterConfig,
  closers: Closers,
): Promise<PlatformFacts> {
  const { capabilities, runtimes } = await lookAround(config);
  const ground = await openClusterGround(config, cluster, closers);
  const { store, leadership, addresses, settings, identities } = ground;
  const platform = await platformName(ground.postgres);
  const kept = await openKeeper(config, cluster, platform);
  const host = await openHost(config, ground, platform);
  const surroundings = kept && new SharedSurroundings({ ...kept, ground, host });
  closers.add(async () => surroundings?.close());

  const { queue, live } = openQueue(ground, NOTHING_RUNS, settings.quotas.concurrentExecutions);
  const all = { ...live, ...gatewaysLive(host, ground.telemetry), surroundings };
  const { logsDir: folder } = cluster;
  const logs = new SharedLogs({ folder, flush: () => all.flush(), own: ground.telemetry });
  cleanLogs(ground, folder, closers);
  const api = openControlPlane(ground, { live: all, runtimes, logs });
  const forwarder = new Forwarder({ leadership, own: () => (store.leads ? api : undefined) });
  const server = new MemberServer((request, response) => {
    if (request.url === MEMBER_PATH) answerHealth(ground, cluster.role, true, response);
    else forwarder.serve(request, response);
  });
  // It leads while its instances end, and so its timers fire.
  fireTimers(ground, queue, closers);
  closers.add(
    () => server.close(),
    () => host.close(settings.graceMs),
  );

  const endpoint = await listen(server, config.port ?? 0, config.host ?? "127.0.0.1");
  addresses["http"] = endpoint;
  await ground.join();
  await surroundings?.start();
  store.stand();
  closers.add(collectCode(ground));

  const { projectId, accessKey, secretKey } = identities.credentials.default;
  const { isolation: inForce, missing } = capabilities;
  const { region } = settings;
  return { endpoint, projectId, accessKey, secretKey, region, isolation: { inForce, missing }, runtimes };
}

/** Requests run at gateways. */
const NOTHING_RUNS = {
  invoke: () => Promise.reject(new Error("a scheduler runs no requests")),
  cancel: () => undefined,
};

/** What this machine can do, after what an earlier run left is cleaned up. */
async function lookAround({
  dataDir,
  driver: name = "process",
  isolation,
}: PlatformConfig): Promise<{ capabilities: Capabilities; runtimes: readonly RuntimeAvailability[] }> {
  // Where the code of gateways will lie is a part of the sandbox that is tried.
  mkdirSync(join(dataDir, "code"), { recursive: true, mode: 0o700 });
  const driver = await openDriver(name, { dataDir, isolation });
  try {
    // What may outlive a scheduler is removed when gateways had the time to bring what they use.
    if (driver.adopt === undefined) await driver.recover();
    const { capabilities } = driver;
    return { capabilities, runtimes: await driver.runtimes() };
  } finally {
    await driver.close();
  }
}

async function openHost(
  { driver: name = "process", isolation }: PlatformConfig,
  { settings, addresses }: ClusterGround,
  platform: string,
): Promise<DriverHost> {
  const { dataDir, problem } = settings;
  const path = join(resolve(dataDir), "scheduler");
  const host = await DriverHost.open({
    path,
    openDriver: (terms) => openDriver(name, { dataDir, isolation, platform, ...terms }),
    problem,
  });
  addresses["driver"] = path;
  return host;
}

/** Undefined where functions have no networks and file systems. */
async function openKeeper(
  { driver = "process" }: PlatformConfig,
  { filesDir }: ClusterConfig,
  platform: string,
): Promise<Pick<SharedGround, "keeper" | "filesDir"> | undefined> {
  const keeper = await openVpcKeeper(driver, { platform, filesDir });
  return keeper && filesDir !== undefined ? { keeper, filesDir } : undefined;
}

/** While this process leads. */
function fireTimers({ store, settings }: ClusterGround, queue: DurableQueue, closers: Closers): void {
  const { timeZone, problem } = settings;
  const timers = new Timers({ store, queue, timeZone, warn: problem });
  store.onLead((leads) => {
    timers.close();
    if (leads) void timers.start();
  });
  closers.add(async () => timers.close());
}
