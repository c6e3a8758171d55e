import { z } from "zod";
import type { AsyncDestination, AsyncSettings } from "../model/async-settings.ts";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

/** Kinds of destinations as the API names them. */
const KINDS = { function: "FunctionGraph", bucket: "OBS", topic: "SMN" } as const;

const destination = z
  .looseObject({ destination: z.string().nullish(), param: z.string().nullish() })
  .nullish();
type Destination = z.infer<typeof destination>;
const schema = z.looseObject({
  max_async_event_age_in_seconds: z.number(),
  max_async_retry_attempts: z.number(),
  enable_async_status_log: z.boolean().nullish(),
  destination_config: z.looseObject({ on_success: destination, on_failure: destination }).nullish(),
});

/** Calls about the settings of asynchronous requests (guide 3.3.7). Every `urn` names a version or an alias. */
export class AsyncSettingsCalls {
  readonly #transport: Transport;
  readonly #paths: Paths;

  constructor(transport: Transport, paths: Paths) {
    this.#transport = transport;
    this.#paths = paths;
  }

  /** Throws ApiError with status 404 where only the defaults hold. */
  get(urn: string): Promise<AsyncSettings> {
    return this.#transport.json({ method: "GET", path: this.#path(urn) }, fromWire);
  }

  /** Replaces all settings. */
  async put(urn: string, settings: AsyncSettings): Promise<void> {
    await this.#transport.send({ method: "PUT", path: this.#path(urn), body: toWire(settings) });
  }

  /** Back to the defaults. */
  async delete(urn: string): Promise<void> {
    await this.#transport.send({ method: "DELETE", path: this.#path(urn) });
  }

  #path(urn: string): string {
    return this.#paths.function(urn, "async-invoke-config");
  }
}

function toWire(settings: AsyncSettings): Record<string, unknown> {
  const success = destinationOf(settings.onSuccess, settings.onSuccessTo);
  const failure = destinationOf(settings.onFailure, settings.onFailureTo);
  return {
    max_async_event_age_in_seconds: settings.maxAgeSeconds,
    max_async_retry_attempts: settings.maxRetries,
    enable_async_status_log: settings.statusLog,
    destination_config: {
      ...(success && { on_success: success }),
      ...(failure && { on_failure: failure }),
    },
  };
}

function destinationOf(
  functionUrn: string | undefined,
  to: AsyncDestination | undefined,
): { destination: string; param: string } | undefined {
  if (functionUrn !== undefined)
    return { destination: KINDS.function, param: JSON.stringify({ func_urn: functionUrn }) };
  if (to === undefined) return undefined;
  const { bucket, prefix = "", expiresDays = 0, topicUrn } = to;
  if (bucket === undefined)
    return { destination: KINDS.topic, param: JSON.stringify({ topic_urn: topicUrn }) };
  return { destination: KINDS.bucket, param: JSON.stringify({ bucket, prefix, expires: expiresDays }) };
}

function fromWire(body: unknown): AsyncSettings | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const { on_success: success, on_failure: failure } = read.destination_config ?? {};
  return {
    maxAgeSeconds: read.max_async_event_age_in_seconds,
    maxRetries: read.max_async_retry_attempts,
    statusLog: read.enable_async_status_log ?? false,
    ...namedIn("onSuccess", success),
    ...namedIn("onFailure", failure),
  };
}

/** The function under the name itself, anything else under the name with `To`. */
function namedIn(name: "onSuccess" | "onFailure", given: Destination): Partial<AsyncSettings> {
  if (!given?.param) return {};
  const param = JSON.parse(given.param) as Record<string, unknown>;
  switch (given.destination) {
    case KINDS.bucket:
      return { [`${name}To`]: bucketIn(param) };
    case KINDS.topic:
      return { [`${name}To`]: { topicUrn: String(param["topic_urn"]) } };
    default: {
      const urn = param["func_urn"];
      return typeof urn === "string" ? { [name]: urn } : {};
    }
  }
}

function bucketIn({ bucket, prefix, expires }: Record<string, unknown>): AsyncDestination {
  return {
    bucket: String(bucket),
    ...(typeof prefix === "string" && prefix !== "" && { prefix }),
    ...(typeof expires === "number" && expires !== 0 && { expiresDays: expires }),
  };
}
