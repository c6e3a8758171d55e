import { z } from "zod";

import type { Fault } from "../../model/fault.ts";
import { checkWholeNumber } from "../../model/number.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import { formatApiTime, readBody } from "../../model/wire/body.ts";
import type { AsyncConfig, AsyncConfigRecord } from "../store/store.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import { pageOf } from "./page.ts";
import { existingTargetOf, targetOf, type CallTarget } from "./target.ts";

const schema = z.looseObject({
  max_async_event_age_in_seconds: z.number().nullish(),
  max_async_retry_attempts: z.number().nullish(),
  enable_async_status_log: z.boolean().nullish(),
  destination_config: z
    .looseObject({ on_success: z.unknown().optional(), on_failure: z.unknown().optional() })
    .nullish(),
});

/** Settings of one version or alias; what is left out gets its default (guide 3.3.7). */
export function updateFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const { key, qualifier } = existingTargetOf(call, context);
  const config = accept(readConfig(call.body, context));
  return ok(wire(context.store.asyncConfigs.put(key, qualifier, config), context));
}

/** FSS.0404 where only the defaults hold. */
export function showFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  return ok(wire(configOf(targetOf(call, context), context), context));
}

/** Query: `marker`, `limit`. */
export function listFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const page = pageOf(context.store.asyncConfigs.list(targetOf(call, context).key), call.query, "limit");
  return ok({
    async_invoke_configs: page.items.map((record) => wire(record, context)),
    count: page.count,
    page_info: {
      next_marker: page.nextMarker,
      previous_marker: page.nextMarker - page.items.length,
      current_count: page.items.length,
    },
  });
}

/** Back to the defaults. */
export function deleteFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const { key, qualifier } = configOf(targetOf(call, context), context);
  context.store.asyncConfigs.delete(key, qualifier);
  return NO_CONTENT;
}

function configOf({ key, qualifier }: CallTarget, { store }: ApiContext): AsyncConfigRecord {
  const record = store.asyncConfigs.find(key, qualifier);
  if (record !== undefined) return record;
  throw new ApiError(
    "FSS.0404",
    `"${qualifier}" of the function "${key.name}" has no settings for asynchronous calls of its own; the defaults hold. Set them with PUT.`,
  );
}

function readConfig(body: unknown, { limits }: ApiContext): AsyncConfig | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const maxAgeSeconds = read.max_async_event_age_in_seconds ?? limits.asyncAgeSeconds.default;
  const maxRetries = read.max_async_retry_attempts ?? limits.asyncRetries.default;
  const faults = [
    ...checkWholeNumber("max_async_event_age_in_seconds", maxAgeSeconds, {
      ...limits.asyncAgeSeconds,
      unit: "seconds",
      code: "FSS.0400",
    }),
    ...checkWholeNumber("max_async_retry_attempts", maxRetries, {
      ...limits.asyncRetries,
      unit: "retries",
      code: "FSS.0400",
    }),
    ...checkDestinations(read.destination_config),
  ];
  if (faults.length > 0) return faults;
  return { maxAgeSeconds, maxRetries, statusLog: read.enable_async_status_log ?? false };
}

function checkDestinations(given: z.infer<typeof schema>["destination_config"]): Fault[] {
  if (!given || [given.on_success, given.on_failure].every((one) => !hasDestination(one))) return [];
  return [
    {
      property: "destination_config",
      rule: "is a feature that this platform does not have",
      fix: "Leave the field out, and pass results on from the function's code.",
      code: "FSS.0400",
    },
  ];
}

function hasDestination(given: unknown): boolean {
  return typeof given === "object" && given !== null && Object.values(given).some(Boolean);
}

function wire(record: AsyncConfigRecord, { place }: ApiContext): Record<string, unknown> {
  const { key, qualifier, config } = record;
  const version = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  return {
    func_urn: formatFunctionUrn({ region: place.region, ...key, ...version }),
    max_async_event_age_in_seconds: config.maxAgeSeconds,
    max_async_retry_attempts: config.maxRetries,
    enable_async_status_log: config.statusLog,
    destination_config: {},
    created_time: formatApiTime(record.createdAt),
    last_modified: formatApiTime(record.modifiedAt),
  };
}
