import { z } from "zod";
import type { AsyncSettings } from "../model/async-settings.ts";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import type { Paths } from "./paths.ts";
import type { Transport } from "./transport.ts";

const FUNCTION = "FunctionGraph";

const destination = z.looseObject({ param: z.string().nullish() }).nullish();
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
  const { onSuccess, onFailure } = settings;
  return {
    max_async_event_age_in_seconds: settings.maxAgeSeconds,
    max_async_retry_attempts: settings.maxRetries,
    enable_async_status_log: settings.statusLog,
    destination_config: {
      ...(onSuccess !== undefined && { on_success: destinationOf(onSuccess) }),
      ...(onFailure !== undefined && { on_failure: destinationOf(onFailure) }),
    },
  };
}

function destinationOf(urn: string): { destination: string; param: string } {
  return { destination: FUNCTION, param: JSON.stringify({ func_urn: urn }) };
}

function fromWire(body: unknown): AsyncSettings | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const { on_success: success, on_failure: failure } = read.destination_config ?? {};
  const [onSuccess, onFailure] = [urnIn(success?.param), urnIn(failure?.param)];
  return {
    maxAgeSeconds: read.max_async_event_age_in_seconds,
    maxRetries: read.max_async_retry_attempts,
    statusLog: read.enable_async_status_log ?? false,
    ...(onSuccess !== undefined && { onSuccess }),
    ...(onFailure !== undefined && { onFailure }),
  };
}

function urnIn(param: string | null | undefined): string | undefined {
  if (typeof param !== "string" || param === "") return undefined;
  const { func_urn: urn } = JSON.parse(param) as { func_urn?: unknown };
  return typeof urn === "string" ? urn : undefined;
}
