import { parseFunctionUrn } from "../../model/names.ts";
import { ApiError } from "../api/api-error.ts";
import type { Extra } from "../api/api.ts";
import type { Live } from "../api/live.ts";
import type { InstanceView } from "../scheduler/scheduler.ts";
import type { MetricRow } from "../store/metrics.ts";
import type { Store } from "../store/store.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { answerLogs, timeOf } from "./log-answer.ts";
import type { LogReader } from "./telemetry.ts";

/** Where the extras read. */
export interface ExtraSources {
  readonly store: Pick<Store, "functions" | "metrics" | "asyncRequests">;
  readonly logs: LogReader;
  /** What runs, in all processes of the platform. */
  readonly live: Pick<Live, "instances" | "flush">;
  readonly region: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

/** One minute of one version, in the guide's words (3.7.1). Times in milliseconds. */
export interface MetricPoint {
  /** Epoch ms. */
  readonly time: number;
  readonly version: string;
  /** Calls, rejected ones included. */
  readonly count: number;
  readonly failcount: number;
  readonly rejectcount: number;
  readonly concurrency: number;
  readonly reservedinstancenum: number;
  readonly duration: number;
  readonly maxDuration: number;
  readonly minDuration: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What Fungraph answers beside FunctionGraph's API, by path. */
export function extras(sources: ExtraSources): ReadonlyMap<string, Extra> {
  return new Map<string, Extra>([
    [
      "/fungraph/v1/logs",
      (parameters, project) => answerLogs(sources.logs, functionOf(sources, parameters, project), parameters),
    ],
    ["/fungraph/v1/metrics", (parameters, project) => answerMetrics(sources, parameters, project)],
    ["/fungraph/v1/instances", async (_, project) => ({ instances: await instancesOf(sources, project) })],
    ["/fungraph/v1/health", async () => health(sources)],
  ]);
}

function functionOf(sources: ExtraSources, parameters: URLSearchParams, projectId: string): FunctionKey {
  const text = parameters.get("function") ?? "";
  const urn = parseFunctionUrn(text, { region: sources.region, projectId });
  const key = urn && { projectId: urn.projectId, package: urn.package, name: urn.name };
  if (key !== undefined && key.projectId === projectId && sources.store.functions.find(key) !== undefined)
    return key;
  throw new ApiError(
    "FSS.1051",
    `There is no function ${JSON.stringify(text.slice(0, 200))}. Give function=<name> or its URN; "fungraph ls" lists what is deployed.`,
  );
}

/** Parameters: function, since and until (default: the last hour). */
async function answerMetrics(
  sources: ExtraSources,
  parameters: URLSearchParams,
  projectId: string,
): Promise<{ points: MetricPoint[] }> {
  const key = functionOf(sources, parameters, projectId);
  const until = parameters.has("until") ? timeOf(parameters, "until") : Date.now();
  const since = parameters.has("since") ? timeOf(parameters, "since") : until - HOUR_MS;
  await sources.live.flush();
  const rows = await sources.store.metrics.query(
    keyText(key),
    Math.floor(since / MINUTE_MS),
    Math.floor(until / MINUTE_MS),
  );
  return { points: rows.map(pointOf) };
}

function pointOf(row: MetricRow): MetricPoint {
  return {
    time: row.minute * MINUTE_MS,
    version: row.version,
    count: row.count + row.rejectCount,
    failcount: row.failCount,
    rejectcount: row.rejectCount,
    concurrency: row.concurrencyMax,
    reservedinstancenum: row.reservedInstances,
    duration: row.count === 0 ? 0 : row.durationSum / row.count,
    maxDuration: row.durationMax,
    minDuration: row.durationMin,
  };
}

async function instancesOf(sources: ExtraSources, projectId: string): Promise<InstanceView[]> {
  const keys = new Set(sources.store.functions.list(projectId).map((record) => record.id));
  // A target begins with the function's id; what belongs to no function of the project is not shown.
  const instances = await sources.live.instances();
  return instances.filter((instance) => keys.has(instance.target.split(":")[0] ?? ""));
}

async function health(sources: ExtraSources): Promise<Record<string, unknown>> {
  const { asyncRequests } = sources.store;
  const { droppedBytes, lastError } = sources.logs.problems();
  return {
    status: droppedBytes === 0 ? "ok" : "degraded",
    uptimeSeconds: Math.floor((Date.now() - sources.startedAt) / 1000),
    instances: (await sources.live.instances()).length,
    asyncWaiting: asyncRequests.count("waiting"),
    asyncRunning: asyncRequests.count("running"),
    asyncSuccess: asyncRequests.count("success"),
    asyncFailed: asyncRequests.count("failed"),
    logBytesDropped: droppedBytes,
    memoryMb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    ...(lastError !== undefined && { lastError }),
  };
}
