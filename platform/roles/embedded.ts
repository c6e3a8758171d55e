import { openDriver } from "../drivers/open-driver.ts";
import type { ControlPlane } from "../gateway/ports.ts";
import { openStore } from "../store/sqlite/open.ts";
import { surroundingsKeeper } from "../surroundings.ts";
import { Timers } from "../triggers/timers.ts";
import { yieldThreadPool } from "../workshop/priority.ts";
import type { Closers } from "./closers.ts";
import type { PlatformConfig, PlatformFacts } from "./config.ts";
import { openControlPlane } from "./control-plane.ts";
import { followStore, openDataPlane, openScheduler } from "./data-plane.ts";
import { listen } from "./endpoint.ts";
import { collectCode, openGround } from "./ground.ts";
import { readSettings } from "./settings.ts";

/** All roles in one process. */
export async function serveEmbedded(config: PlatformConfig, closers: Closers): Promise<PlatformFacts> {
  const settings = readSettings(config);
  const { dataDir, problem, timeZone, region } = settings;
  const store = await openStore(dataDir);
  closers.add(async () => store.close());
  const ground = openGround(settings, store, closers);

  const driver = await openDriver(config.driver ?? "process", { dataDir, isolation: config.isolation });
  closers.add(() => driver.close());
  await driver.recover();
  const surroundings = surroundingsKeeper(store, driver, dataDir);
  // A VPC that cannot be there keeps its own functions from running, and nobody else's.
  await surroundings?.arrange().catch(problem);
  const runtimes = await driver.runtimes();

  const scheduler = openScheduler(ground, { driver, closers, poolSize: config.poolSize });
  // Each needs the other: the control plane asks what runs, and the gateway hands it what is for it.
  const controlPlane: ControlPlane = (request, response) => answer(request, response);
  const expected = (ms: number) => timers.upcoming(ms);
  const plane = openDataPlane(config, ground, { scheduler, controlPlane, expected }, closers);
  const { gateway, queue, live } = plane;
  const answer = openControlPlane(ground, { live: { ...live, surroundings }, runtimes });
  const timers = new Timers({ store, queue, timeZone, warn: problem });
  closers.add(async () => timers.close());

  const endpoint = await listen(gateway, config.port ?? 0, config.host ?? "127.0.0.1");
  followStore(ground, scheduler, { ...plane, runtimes }, closers);
  closers.add(collectCode(ground));
  for (const role of [queue, timers]) await role.start();
  yieldThreadPool();

  const { projectId, accessKey, secretKey } = ground.identities.credentials.default;
  const { isolation: inForce, missing } = driver.capabilities;
  return { endpoint, projectId, accessKey, secretKey, region, isolation: { inForce, missing }, runtimes };
}
