import { totalmem } from "node:os";
import { join } from "node:path";
import type { Live } from "../api/live.ts";
import type { Driver, RuntimeAvailability } from "../drivers/driver.ts";
import type { Invocation } from "../gateway/invoker.ts";
import type { ControlPlane } from "../gateway/ports.ts";
import { createGateway, type Gateway } from "../gateway/server.ts";
import type { Expected } from "../gateway/warmer.ts";
import { Warmth } from "../gateway/warmth.ts";
import { WarmthFile } from "../gateway/warmth-file.ts";
import { EmbeddedScheduler } from "../scheduler/embedded.ts";
import type { InstanceSlots } from "../scheduler/slots.ts";
import { ReservationKeeper } from "../scheduler/reservation-keeper.ts";
import type { InstanceView } from "../scheduler/scheduler.ts";
import { parseKeyText } from "../store/function-key.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { startCensus, takeCensus } from "../telemetry/instance-census.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { DurableQueue } from "../triggers/async-queue.ts";
import type { Closers } from "./closers.ts";
import type { PlatformConfig } from "./config.ts";
import type { Ground } from "./ground.ts";
import { openQueue } from "./queue.ts";

/** What serves callers, and what it stands on beside the ground. */
export interface DataPlaneParts {
  readonly scheduler: EmbeddedScheduler;
  readonly controlPlane: ControlPlane;
  /** Functions that timers call soon. */
  readonly expected: (withinMs: number) => Iterable<Expected>;
  /** What this process keeps of a number of reserved instances. Default: all. */
  readonly part?: (count: number) => number;
}

/** What is live of one process. */
interface LiveHere extends Omit<Live, "surroundings" | "objects" | "runsImages"> {
  instances(): readonly InstanceView[];
  end(instanceId: string): boolean;
}

export interface DataPlane {
  readonly gateway: Gateway;
  readonly queue: DurableQueue;
  /** What the control plane sees of it, and does to it. */
  readonly live: LiveHere;
  readonly reservations: ReservationKeeper;
}

/** Instances without calls may have one part in so many of the machine's memory. */
const WARM_PART = 4;

/** What a scheduler of instances is made with. */
interface SchedulerParts {
  readonly driver: Driver;
  readonly closers: Closers;
  readonly poolSize: number | undefined;
  /** Default: there are no other processes. */
  readonly slots?: InstanceSlots;
}

/** The scheduler of a gateway's instances. It closes with the rest. */
export function openScheduler(
  { settings, telemetry, identities }: Ground,
  { driver, closers, poolSize = 2, slots }: SchedulerParts,
): EmbeddedScheduler {
  const { agencies, tokens } = identities;
  const scheduler = new EmbeddedScheduler({
    driver,
    problem: settings.problem,
    warmPerRuntime: poolSize,
    ...(slots && { slots }),
    closeGraceMs: settings.graceMs,
    // Without an execution agency of its own a function runs as its configuration agency (guide 3.3.3).
    lend: ({ projectId, spec }) =>
      agencies.lend(projectId, spec.executionAgency ?? spec.configurationAgency ?? "", tokens),
    line: ({ functionKey, version }, instanceId, level, text) =>
      telemetry.line(functionKey, version, "", instanceId, level, text),
  });
  closers.add(() => scheduler.close());
  return scheduler;
}

/** Gateway and queue over a scheduler. They close with the rest. */
export function openDataPlane(
  config: PlatformConfig,
  ground: Ground,
  { scheduler, controlPlane, expected, part = (count) => count }: DataPlaneParts,
  closers: Closers,
): DataPlane {
  const { settings, store, telemetry, auth: verifier } = ground;
  const { region, quotas, problem, graceMs, idleSeconds } = settings;
  const limits = { ...quotas, ...config.limits, idleSeconds };
  // Each needs the other: the queue runs requests through the gateway, which hands it those that may wait.
  const invoker = {
    invoke: (one: Invocation) => gateway.invoke(one),
    cancel: (id: string) => gateway.cancel(id),
  };
  const { queue, live } = openQueue(ground, invoker, limits.concurrentExecutions);
  const warmth = learnWarmth(config, ground, closers);
  const ports = { store, scheduler, telemetry, verifier, controlPlane, queue };
  const gateway = createGateway({ ...ports, region, limits, warmth, expected, problem });
  closers.add(() => Promise.all([queue.close(graceMs), gateway.close(graceMs)]));
  const reservations = new ReservationKeeper({ store, scheduler, region, part, problem });
  return { gateway, queue, live: { ...live, ...instanceView(scheduler, telemetry) }, reservations };
}

/** Reserves what the store says, keeps instances warm for what is there, and counts them for the metrics. */
export function followStore(
  ground: Ground,
  scheduler: EmbeddedScheduler,
  { reservations, runtimes }: Pick<DataPlane, "reservations"> & { runtimes: readonly RuntimeAvailability[] },
  closers: Closers,
): void {
  prepareRuntimes(ground, scheduler, runtimes);
  const endCensus = startCensus(() => scheduler.instances(), ground.telemetry);
  reservations.start();
  closers.add(async () => {
    reservations.close();
    endCensus();
  });
}

function instanceView(
  scheduler: EmbeddedScheduler,
  telemetry: Telemetry,
): Pick<LiveHere, "instances" | "end" | "flush"> {
  return {
    instances: () => scheduler.instances(),
    end: (id) => scheduler.end(id),
    flush: () => {
      takeCensus(scheduler.instances(), telemetry);
      return telemetry.flush();
    },
  };
}

/** What is learned of when functions are called; kept in the data folder. */
function learnWarmth(
  { warmth: wanted = true }: PlatformConfig,
  { settings }: Ground,
  closers: Closers,
): Warmth | undefined {
  if (!wanted) return undefined;
  const mostMb = totalmem() / 1024 ** 2 / WARM_PART;
  const warmth = new Warmth({ keepMs: settings.idleSeconds * 1000, mostMb });
  const file = new WarmthFile(join(settings.dataDir, "warmth.json"), warmth, settings.problem);
  closers.add(() => file.close());
  return warmth;
}

/** Keeps instances warm for the runtimes in use, and deletes the logs of functions that are deleted. */
function prepareRuntimes(
  { store, telemetry, settings }: Ground,
  scheduler: EmbeddedScheduler,
  runtimes: readonly RuntimeAvailability[],
): void {
  const available = new Set(runtimes.filter((one) => one.available).map((one) => one.runtime));
  const projects = store.access.listProjects().map(({ id }) => id);
  const inUse = projects.flatMap((id) => store.functions.list(id)).map((record) => record.spec.runtime);
  scheduler.prepare([...new Set(inUse)].filter((runtime) => available.has(runtime)));
  const find = (text: string): FunctionRecord | undefined => store.functions.find(parseKeyText(text));
  telemetry.sweep((text) => find(text) !== undefined).catch(settings.problem);
  store.onChange((text) => {
    const record = find(text);
    if (record === undefined) telemetry.forget(text).catch(settings.problem);
    else if (available.has(record.spec.runtime)) scheduler.prepare([record.spec.runtime]);
  });
}
