import { z } from "zod";
import { Transport } from "../../client/transport.ts";
import type { Target } from "./connect.ts";

const LogEntry = z.looseObject({
  /** Epoch milliseconds. */
  at: z.number(),
  kind: z.enum(["start", "line", "end"]),
  version: z.string(),
  requestId: z.string(),
  level: z.number().optional(),
  failure: z.string().optional(),
  /** The entry as users read it; several lines may be in it. */
  lines: z.string(),
});
const LogPage = z.object({ entries: z.array(LogEntry), cursor: z.string() });
/** Entries of a function's log, oldest first, and where to go on reading. */
export type LogPage = z.infer<typeof LogPage>;
export type LogEntry = z.infer<typeof LogEntry>;

const MetricPoint = z.looseObject({
  time: z.number(),
  version: z.string(),
  count: z.number(),
  failcount: z.number(),
  rejectcount: z.number(),
  concurrency: z.number(),
  duration: z.number(),
  maxDuration: z.number(),
  minDuration: z.number(),
});
/** What happened to one version in one minute; durations in milliseconds. */
export type MetricPoint = z.infer<typeof MetricPoint>;

const Instance = z.looseObject({
  id: z.string(),
  target: z.string(),
  runtime: z.string(),
  memoryMb: z.number(),
  inFlight: z.number(),
  state: z.string(),
});

/** Which part of a log is wanted; times are epoch milliseconds. */
export interface LogQuery {
  readonly function: string;
  readonly requestId?: string | undefined;
  readonly keyword?: string | undefined;
  readonly since?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Seconds to wait for an entry when there is none. */
  readonly wait?: number | undefined;
}

/** Reads what a platform tells beside the FunctionGraph API: logs, metrics and instances. */
export class Observer {
  readonly #transport: Transport;

  constructor(target: Target) {
    this.#transport = new Transport(target);
  }

  logs(query: LogQuery, signal?: AbortSignal): Promise<LogPage> {
    return this.#get("logs", LogPage, { ...query }, signal);
  }

  async metrics(name: string, since: number): Promise<readonly MetricPoint[]> {
    const answer = await this.#get("metrics", z.object({ points: z.array(MetricPoint) }), {
      function: name,
      since,
    });
    return answer.points;
  }

  async instances(): Promise<readonly z.infer<typeof Instance>[]> {
    const answer = await this.#get("instances", z.object({ instances: z.array(Instance) }), {});
    return answer.instances;
  }

  close(): void {
    this.#transport.close();
  }

  #get<T extends object>(
    what: string,
    schema: z.ZodType<T>,
    query: Readonly<Record<string, string | number | undefined>>,
    signal?: AbortSignal,
  ): Promise<T> {
    // Longer than the platform holds an answer back.
    const call = { method: "GET", path: `/fungraph/v1/${what}`, query, timeoutMs: 90_000, signal } as const;
    return this.#transport.json<T>(call, (body) => schema.parse(body));
  }
}
