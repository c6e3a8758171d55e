import { join } from "node:path";
import { Forwarder } from "../cluster/forwarder.ts";
import type { Members } from "../cluster/members.ts";
import { SharedSlots } from "../cluster/slots.ts";
import { Shares } from "../cluster/shares.ts";
import { RemoteDriver } from "../drivers/remote/remote-driver.ts";
import type { ControlPlane } from "../gateway/ports.ts";
import { Timers } from "../triggers/timers.ts";
import { yieldThreadPool } from "../workshop/priority.ts";
import type { Closers } from "./closers.ts";
import { openClusterGround } from "./cluster-ground.ts";
import type { ClusterConfig, PlatformConfig, PlatformFacts } from "./config.ts";
import { followStore, openDataPlane, openScheduler } from "./data-plane.ts";
import { listen } from "./endpoint.ts";
import { collectCode } from "./ground.ts";
import { answerHealth, MEMBER_PATH } from "./member-health.ts";

/** One of the processes that serve callers. Instances are started by the schedulers; this process talks to them itself. */
export async function serveGateway(
  config: PlatformConfig,
  cluster: ClusterConfig,
  closers: Closers,
): Promise<PlatformFacts> {
  const ground = await openClusterGround(config, cluster, closers);
  const { postgres, members, leadership, settings, store } = ground;
  const { dataDir, problem, region, timeZone } = settings;

  const driver = await RemoteDriver.open({
    runDir: join(dataDir, "run"),
    codeRoot: join(dataDir, "code"),
    duties: {
      instances: () => plane.live.instances(),
      end: (id: string) => plane.live.end(id),
      flush: () => plane.live.flush(),
    },
    problem,
  });
  closers.add(() => driver.close());
  members.onChange(() => {
    if (members.joined) driver.follow(schedulersOf(members));
  });

  const slots = new SharedSlots(postgres, members, problem);
  const scheduler = openScheduler(ground, { driver, closers, poolSize: config.poolSize, slots });
  const forwarder = new Forwarder({ leadership, own: () => undefined });
  const controlPlane: ControlPlane = (request, response) => {
    if (request.url === MEMBER_PATH) answerHealth(ground, cluster.role, driver.connected > 0, response);
    else forwarder.serve(request, response);
  };
  const shares = new Shares(members);
  const part = (count: number): number => shares.part(count);
  // The leader fires them; when they do follows from what is declared.
  const timers = new Timers({ store, timeZone, warn: problem });
  const expected = (ms: number) => timers.upcoming(ms);
  const parts = { scheduler, controlPlane, expected, part };
  const plane = openDataPlane(config, ground, parts, closers);
  const executions = config.limits?.concurrentExecutions ?? settings.quotas.concurrentExecutions;
  members.onChange(() => {
    plane.gateway.limit(Math.max(1, part(executions)));
    plane.reservations.replan();
  });

  await ground.join();
  await driver.ready();
  const runtimes = await driver.runtimes();
  followStore(ground, scheduler, { ...plane, runtimes }, closers);
  closers.add(collectCode(ground));
  await plane.queue.start();
  await timers.start();
  closers.add(async () => timers.close());
  // Last: who is let in is served.
  const endpoint = await listen(plane.gateway, config.port ?? 0, config.host ?? "127.0.0.1");
  yieldThreadPool();

  const { projectId, accessKey, secretKey } = ground.identities.credentials.default;
  const { isolation: inForce, missing } = driver.capabilities;
  return { endpoint, projectId, accessKey, secretKey, region, isolation: { inForce, missing }, runtimes };
}

/** Sockets of the schedulers that live. */
function schedulersOf(members: Members): string[] {
  return members.list().flatMap(({ addresses: { driver } }) => driver ?? []);
}
