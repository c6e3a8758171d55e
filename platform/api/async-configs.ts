import { z } from "zod";

import type { Fault } from "../../model/fault.ts";
import { checkWholeNumber } from "../../model/number.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { formatApiTime, readBody } from "../../model/wire/body.ts";
import type { AsyncConfig, AsyncConfigRecord } from "../store/async-configs.ts";
import type { FunctionKey } from "../store/function-key.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { readDestination, wireDestination } from "./async-destination.ts";
import { loopsFrom } from "./destination-loops.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { warned } from "./warned.ts";
import { markOwner } from "./owners.ts";
import { pageInfo, pageOf } from "./page.ts";
import { existingTargetOf, targetOf, type CallTarget } from "./target.ts";

const destinationSchema = z.looseObject({ destination: z.string().nullish(), param: z.string().nullish() });
const schema = z.looseObject({
  max_async_event_age_in_seconds: z.number().nullish(),
  max_async_retry_attempts: z.number().nullish(),
  enable_async_status_log: z.boolean().nullish(),
  destination_config: z
    .looseObject({ on_success: destinationSchema.nullish(), on_failure: destinationSchema.nullish() })
    .nullish(),
});

/**
 * Settings of one version or alias; what is left out gets its default (guide 3.3.7). Destinations that lead back to the
 * function are kept, and the reply's Warning header says so.
 */
function updateFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const { key, qualifier, latest } = existingTargetOf(call, context);
  if (findRuntime(latest.spec.runtime)?.family === "http") throw new ApiError("FSS.0400", NO_ASYNC);
  const config = accept(readConfig(call.body, key, context));
  const reply = ok(wire(context.store.asyncConfigs.put(key, qualifier, config), context));
  markOwner(call, context, { kind: "async-settings", within: key, name: qualifier });
  return warned(reply, loopsFrom([key], context));
}

/** FSS.0404 where only the defaults hold. */
function showFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  return ok(wire(configOf(targetOf(call, context), context), context));
}

/** Query: `marker`, `limit`. */
function listFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const page = pageOf(context.store.asyncConfigs.list(targetOf(call, context).key), call.query, "limit");
  return ok({
    async_invoke_configs: page.items.map((record) => wire(record, context)),
    count: page.count,
    page_info: pageInfo(page),
  });
}

/** Back to the defaults. */
function deleteFunctionAsyncInvokeConfig(call: Call, context: ApiContext): Reply {
  const { key, qualifier } = configOf(targetOf(call, context), context);
  context.store.asyncConfigs.delete(key, qualifier);
  return NO_CONTENT;
}

const NO_ASYNC =
  "HTTP functions cannot be called asynchronously (guide 3.2.2.2). Leave these settings out, or use an event function.";

function configOf({ key, qualifier }: CallTarget, { store }: ApiContext): AsyncConfigRecord {
  const record = store.asyncConfigs.find(key, qualifier);
  if (record !== undefined) return record;
  throw new ApiError(
    "FSS.0404",
    `"${qualifier}" of the function "${key.name}" has no settings for asynchronous calls of its own; the defaults hold. Set them with PUT.`,
  );
}

function readConfig(body: unknown, own: FunctionKey, context: ApiContext): AsyncConfig | Fault[] {
  const { limits } = context;
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
  ];
  const { on_success: success, on_failure: failure } = read.destination_config ?? {};
  const onSuccess = readDestination(success, {
    property: "destination_config.on_success",
    own,
    context,
  });
  const onFailure = readDestination(failure, {
    property: "destination_config.on_failure",
    own,
    context,
  });
  for (const one of [onSuccess, onFailure]) if (Array.isArray(one)) faults.push(...one);
  if (faults.length > 0 || Array.isArray(onSuccess) || Array.isArray(onFailure)) return faults;
  return {
    maxAgeSeconds,
    maxRetries,
    statusLog: read.enable_async_status_log ?? false,
    onSuccess,
    onFailure,
  };
}

function wire(record: AsyncConfigRecord, { place }: ApiContext): Record<string, unknown> {
  const { key, qualifier, config } = record;
  const version = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
  return {
    func_urn: formatFunctionUrn({ region: place.region, ...key, ...version }),
    max_async_event_age_in_seconds: config.maxAgeSeconds,
    max_async_retry_attempts: config.maxRetries,
    enable_async_status_log: config.statusLog,
    destination_config: {
      ...(config.onSuccess && { on_success: wireDestination(config.onSuccess) }),
      ...(config.onFailure && { on_failure: wireDestination(config.onFailure) }),
    },
    created_time: formatApiTime(record.createdAt),
    last_modified: formatApiTime(record.modifiedAt),
  };
}

/** Settings of asynchronous calls. */
export const asyncConfigsOperations = {
  UpdateFunctionAsyncInvokeConfig: updateFunctionAsyncInvokeConfig,
  ShowFunctionAsyncInvokeConfig: showFunctionAsyncInvokeConfig,
  DeleteFunctionAsyncInvokeConfig: deleteFunctionAsyncInvokeConfig,
  ListFunctionAsyncInvokeConfig: listFunctionAsyncInvokeConfig,
} satisfies Operations;
