import { totalmem } from "node:os";
import { join } from "node:path";
import type { Limits } from "../model/limits.ts";
import { offsetAt } from "../model/time-zone.ts";
import { createApi } from "./api/api.ts";
import type { Live } from "./api/live.ts";
import { Authenticator } from "./auth/authenticator.ts";
import { Identities } from "./auth/identities.ts";
import type { Driver, RuntimeAvailability } from "./drivers/driver.ts";
import { openDriver, type DriverName } from "./drivers/open-driver.ts";
import type { Invocation } from "./gateway/invoker.ts";
import { createGateway, type Gateway, type GatewayLimits } from "./gateway/server.ts";
import { Warmth } from "./gateway/warmth.ts";
import { WarmthFile } from "./gateway/warmth-file.ts";
import { readLimits } from "./limits.ts";
import { EmbeddedScheduler } from "./scheduler/embedded.ts";
import { ReservationKeeper } from "./scheduler/reservation-keeper.ts";
import type { InstanceView, Scheduler } from "./scheduler/scheduler.ts";
import { openStore } from "./store/sqlite/open.ts";
import type { Store } from "./store/store.ts";
import { parseKeyText } from "./store/function-key.ts";
import { startCensus, takeCensus } from "./telemetry/instance-census.ts";
import { extras } from "./telemetry/extras.ts";
import { openTelemetry } from "./telemetry/recorder.ts";
import type { LogReader, Telemetry } from "./telemetry/telemetry.ts";
import { surroundingsKeeper, type SurroundingsKeeper } from "./surroundings.ts";
import { DurableQueue, type QueueOptions } from "./triggers/async-queue.ts";
import { Deliveries } from "./triggers/deliveries.ts";
import { openObjectStore, type ObjectStore } from "./triggers/object-store.ts";
import { Publisher } from "./triggers/publisher.ts";
import { Subscribers } from "./triggers/subscribers.ts";
import { Timers } from "./triggers/timers.ts";
import { yieldThreadPool } from "./workshop/priority.ts";

/** How a platform runs; everything but the folder has a default. */
export interface PlatformConfig {
  /** Folder for all that is remembered: store, code, logs. Made when it is missing. */
  readonly dataDir: string;
  /** Address to listen on. Default 127.0.0.1: reachable from this machine alone. */
  readonly host?: string;
  /** Port to listen on. Default 0: any that is free. */
  readonly port?: number;
  /** Where callers reach the platform, for the URLs of triggers, without a slash at its end. Default: as each caller reaches it. */
  readonly publicUrl?: string | undefined;
  /** Region in URNs. Default `local`. */
  readonly region?: string;
  /** IANA time zone in which timers read cron expressions and write their event's time. Default UTC. */
  readonly timeZone?: string | undefined;
  /** Seconds without a call after which an instance is released. Default 60. */
  readonly idleSeconds?: number | undefined;
  /**
   * True learns when functions are called: each keeps an instance while its next call is likely, and gets one just before it is, for no more
   * memory over time than `idleSeconds` for all would take. False: `idleSeconds` for all. Default true.
   */
  readonly warmth?: boolean | undefined;
  /** Generic instances kept warm of each runtime in use. Default 2. */
  readonly poolSize?: number | undefined;
  /** Where instances run. Default `process`. */
  readonly driver?: DriverName;
  /** Of the process driver: `auto` takes the best isolation this machine allows, `bare` asks for none. Default `auto`. */
  readonly isolation?: "auto" | "bare";
  /** Seconds that `close` gives running requests. Default 10. */
  readonly shutdownGraceSeconds?: number;
  /** Bounds of the gateway. */
  readonly limits?: Omit<GatewayLimits, "idleSeconds">;
  /** Told what went wrong in the background. Default: a warning of the process. */
  readonly problem?: (error: unknown) => void;
}

/** A platform that serves, and the facts its owner needs. */
export interface RunningPlatform {
  /** `http://host:port`, for callers on this machine. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  /** Isolation of instances that is in force, and sentences on what this machine lacks. */
  readonly isolation: { readonly inForce: readonly string[]; readonly missing: readonly string[] };
  readonly runtimes: readonly RuntimeAvailability[];
  /** Takes nothing new, finishes what runs within the grace, writes everything down, ends all instances. Safe to call twice. */
  close(): Promise<void>;
}

/** Ends one role; roles end in the reverse order of their start. */
type Closer = () => Promise<unknown>;

/** What every other role stands on. */
interface Ground {
  readonly store: Store;
  readonly telemetry: Telemetry & LogReader;
  readonly driver: Driver;
  readonly surroundings: SurroundingsKeeper | undefined;
  readonly runtimes: readonly RuntimeAvailability[];
  readonly problem: (error: unknown) => void;
  readonly graceMs: number;
  readonly quotas: Limits;
  readonly objects: ObjectStore;
}

/** Instances without calls may have one part in so many of the machine's memory. */
const WARM_PART = 4;
const COLLECT_MS = 3_600_000;
const QUEUED_SHARE = 0.64;

/**
 * Starts all roles of the platform in this process. There is no other way to start than the one after a crash: what an
 * earlier run left is cleaned up, and what it had accepted goes on.
 *
 * Rejects with DataFolderInUseError when another platform works on the folder, DriverUnavailableError when instances cannot run, and with a sentence (`code` as Node
 * gives it, for example EADDRINUSE) when it cannot listen.
 */
export async function startPlatform(config: PlatformConfig): Promise<RunningPlatform> {
  const closers: Closer[] = [];
  const closeAll = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (let closer = closers.pop(); closer !== undefined; closer = closers.pop())
      await closer().catch((error: unknown) => void errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, "The platform did not close cleanly.");
  };
  try {
    const ground = await openGround(config, closers);
    const facts = await serve(config, ground, closers);
    let closing: Promise<void> | undefined;
    return { ...facts, close: () => (closing ??= closeAll()) };
  } catch (error) {
    // What kept it from starting says more than what could not be closed after it.
    await closeAll().catch(() => undefined);
    throw error;
  }
}

async function openGround(config: PlatformConfig, closers: Closer[]): Promise<Ground> {
  const { dataDir, isolation = "auto", timeZone = "UTC" } = config;
  checkTimeZone(timeZone);
  const problem = config.problem ?? emitWarning;
  const graceMs = (config.shutdownGraceSeconds ?? 10) * 1000;

  const quotas = readLimits(dataDir);
  const objects = openObjectStore(dataDir);
  const store = await openStore(dataDir);
  closers.push(async () => store.close());

  const telemetry = openTelemetry({ dataDir, metrics: store.metrics, warn: problem });
  closers.push(() => telemetry.close());

  const driver = await openDriver(config.driver ?? "process", { dataDir, isolation });
  closers.push(() => driver.close());
  await driver.recover();
  const surroundings = surroundingsKeeper(store, driver, dataDir);
  // A VPC that cannot be there keeps its own functions from running, and nobody else's.
  await surroundings?.arrange().catch(problem);
  return {
    store,
    telemetry,
    driver,
    runtimes: await driver.runtimes(),
    surroundings,
    problem,
    graceMs,
    quotas,
    objects,
  };
}

async function serve(
  config: PlatformConfig,
  ground: Ground,
  closers: Closer[],
): Promise<Omit<RunningPlatform, "close">> {
  const { store, telemetry, driver, runtimes, surroundings, problem, graceMs, quotas, objects } = ground;
  const { host = "127.0.0.1", port = 0, region = "local", timeZone = "UTC", idleSeconds = 60 } = config;

  const identities = new Identities(store);
  const scheduler = openScheduler(ground, identities, config.poolSize ?? 2);
  closers.push(() => scheduler.close());

  const auth = new Authenticator(identities, quotas);
  const instances = (): readonly InstanceView[] => scheduler.instances();
  const more = extras({ store, telemetry, region, instances, startedAt: Date.now() });
  const ofQueue: Pick<Live, "cancel" | "redrive" | "publish"> = {
    cancel: (key, id) => queue.cancel(key, id),
    redrive: (query) => queue.redrive(query),
    publish: (message) => publisher.publish(message),
  };
  const controlPlane = createApi({
    store,
    identities,
    auth,
    limits: quotas,
    region,
    publicUrl: config.publicUrl,
    idleSeconds,
    extras: more,
    live: {
      ...ofQueue,
      objects,
      surroundings,
      runsImages: runsImages(runtimes),
      ...instanceView(scheduler, telemetry),
    },
    log: problem,
  });

  // Each needs the other: the queue runs requests through the gateway, which hands it those that may wait.
  const invoker = {
    invoke: (one: Invocation) => gateway.invoke(one),
    cancel: (id: string) => gateway.cancel(id),
  };
  const deliveries = new Deliveries({ objects, topics: store.topics, region });
  const deliver = deliveries.deliver.bind(deliveries);
  const limits = { ...quotas, ...config.limits, idleSeconds };
  const bounds = queueBounds(quotas.asyncQueueLength, limits.concurrentExecutions);
  const topics = new Subscribers(store, region);
  const queue = new DurableQueue({ store, topics, invoker, deliver, region, ...bounds, warn: problem });
  const publisher = new Publisher({ queue, topics, region, settled: () => store.settled() });
  const ports = { store, scheduler, telemetry, verifier: auth, controlPlane, queue };
  const warmth = learnWarmth(config, problem, closers);
  const expected = (ms: number) => timers.upcoming(ms);
  const gateway = createGateway({ ...ports, region, limits, warmth, expected, problem });
  closers.push(() => Promise.all([queue.close(graceMs), gateway.close(graceMs)]));

  const timers = new Timers({ store, queue, timeZone, warn: problem });
  closers.push(async () => timers.close());

  const endpoint = endpointOf(host, await listen(gateway, port, host));
  followFunctions(ground, scheduler);
  closers.push(keepReservations(ground, scheduler, region), collectCode(store, problem));
  for (const role of [queue, timers]) await role.start();
  yieldThreadPool();

  const { projectId, accessKey, secretKey } = identities.credentials.default;
  const { isolation: inForce, missing } = driver.capabilities;
  return { endpoint, projectId, accessKey, secretKey, region, isolation: { inForce, missing }, runtimes };
}

/** Callers who wait go on: the queue runs at most 64 of the 100 calls that an account may run, and one function half of that. */
function queueBounds(
  length: number,
  executions: number,
): Required<Pick<QueueOptions, "length" | "running" | "runningPerFunction">> {
  const running = Math.ceil(executions * QUEUED_SHARE);
  return { length, running, runningPerFunction: Math.ceil(running / 2) };
}

function openScheduler(
  { driver, telemetry, problem, graceMs }: Ground,
  { agencies, tokens }: Identities,
  warmPerRuntime: number,
): EmbeddedScheduler {
  return new EmbeddedScheduler({
    driver,
    problem,
    warmPerRuntime,
    closeGraceMs: graceMs,
    // Without an execution agency of its own a function runs as its configuration agency (guide 3.3.3).
    lend: ({ projectId, spec }) =>
      agencies.lend(projectId, spec.executionAgency ?? spec.configurationAgency ?? "", tokens),
    line: ({ functionKey, version }, instanceId, level, text) =>
      telemetry.line(functionKey, version, "", instanceId, level, text),
  });
}

function runsImages(runtimes: readonly RuntimeAvailability[]): boolean {
  return runtimes.some(({ family, available }) => family === "image" && available);
}

/** What the control plane sees of instances, and does to them. */
function instanceView(scheduler: Scheduler, telemetry: Telemetry): Pick<Live, "instances" | "end" | "flush"> {
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
  { dataDir, idleSeconds = 60, warmth: wanted = true }: PlatformConfig,
  problem: (error: unknown) => void,
  closers: Closer[],
): Warmth | undefined {
  if (!wanted) return undefined;
  const mostMb = totalmem() / 1024 ** 2 / WARM_PART;
  const warmth = new Warmth({ keepMs: idleSeconds * 1000, mostMb });
  const file = new WarmthFile(join(dataDir, "warmth.json"), warmth, problem);
  closers.push(() => file.close());
  return warmth;
}

/** Reserves what the store says, and counts instances for the metrics. */
function keepReservations(
  { store, telemetry, problem }: Ground,
  scheduler: Scheduler,
  region: string,
): Closer {
  const keeper = new ReservationKeeper({ store, scheduler, region, problem });
  const endCensus = startCensus(() => scheduler.instances(), telemetry);
  keeper.start();
  return async () => {
    keeper.close();
    endCensus();
  };
}

/** How this machine itself reaches the platform: an address that means all addresses is none to call. */
function endpointOf(host: string, port: number): string {
  const own = { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
  return `http://${own.includes(":") ? `[${own}]` : own}:${String(port)}`;
}

async function listen(gateway: Gateway, port: number, host: string): Promise<number> {
  try {
    return await gateway.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === "EADDRINUSE"
        ? `Port ${String(port)} on ${host} is taken. Stop what uses it, or choose another port; 0 takes any that is free.`
        : `The platform cannot listen on ${host}, port ${String(port)}: ${(error as Error).message}. Choose another address or port.`;
    throw Object.assign(new Error(what, { cause: error }), { code });
  }
}

/** Keeps instances warm for the runtimes in use, and deletes the logs of functions that are deleted. */
function followFunctions({ store, telemetry, runtimes, problem }: Ground, scheduler: Scheduler): void {
  const available = new Set(runtimes.filter((one) => one.available).map((one) => one.runtime));
  const projects = store.access.listProjects().map(({ id }) => id);
  const inUse = projects.flatMap((id) => store.functions.list(id)).map((record) => record.spec.runtime);
  scheduler.prepare([...new Set(inUse)].filter((runtime) => available.has(runtime)));
  store.onChange((text) => {
    const record = store.functions.find(parseKeyText(text));
    if (record === undefined) telemetry.forget(text).catch(problem);
    else if (available.has(record.spec.runtime)) scheduler.prepare([record.spec.runtime]);
  });
}

/** Removes code that nothing names any more, now and each hour. */
function collectCode(store: Store, problem: (error: unknown) => void): Closer {
  const collect = (): void => void store.code.collect().catch(problem);
  const timer = setInterval(collect, COLLECT_MS).unref();
  collect();
  return async () => clearInterval(timer);
}

function checkTimeZone(timeZone: string): void {
  try {
    offsetAt(0, timeZone);
  } catch (error) {
    const what = `"${timeZone}" is no time zone. Use an IANA name such as UTC or Asia/Shanghai.`;
    throw new RangeError(what, { cause: error });
  }
}

function emitWarning(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
