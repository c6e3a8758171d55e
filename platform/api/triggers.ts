import type { ErrorCode } from "../../model/error-catalogue.ts";
import { TriggerType, type ApigEventData, type TriggerSpec } from "../../model/trigger.ts";
import { triggerFromWire, triggerToWire, updateTriggerFromWire } from "../../model/wire/trigger.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { keyText } from "../store/function-key.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { existingTargetOf, recordOf, shown, targetOf, type CallTarget } from "./target.ts";

/** Binds a trigger to a version or alias. FSS.1146 and FSS.1147 for a taken route, FSS.1148 for a taken timer name. */
export function createFunctionTrigger(call: Call, context: ApiContext): Reply {
  const target = targetOf(call, context);
  const { runtime } = recordOf(target, context).spec;
  const spec = accept(triggerFromWire(call.body, runtime));
  if (spec.type === TriggerType.Apig) checkRoute(target.key, spec.eventData as ApigEventData, context);
  else checkTimerName(target, spec, context);
  return {
    status: 201,
    body: triggerReply(context.store.triggers.create(target.key, target.qualifier, spec), call),
  };
}

/** With a version or alias in the URN its triggers; without, every trigger of the function. */
function listFunctionTriggers(call: Call, context: ApiContext): Reply {
  return ok(triggersOf(call, context).map((trigger) => triggerReply(trigger, call)));
}

/** `event_data` as it was given; for gateway triggers with its address. */
function showFunctionTrigger(call: Call, context: ApiContext): Reply {
  return ok(triggerReply(triggerOf(call, context), call));
}

/** Switches a trigger on or off; gateway triggers can only be deleted (guide 3.5.1). */
function updateTrigger(call: Call, context: ApiContext): Reply {
  const trigger = triggerOf(call, context);
  const { runtime } = targetOf(call, context).latest.spec;
  const spec = accept(updateTriggerFromWire(call.body, trigger.spec, runtime));
  return ok(triggerReply(context.store.triggers.update(trigger.id, spec), call));
}

/** FSS.1138, FSS.1140 or FSS.1131 when it is not there. */
function deleteFunctionTrigger(call: Call, context: ApiContext): Reply {
  context.store.triggers.delete(triggerOf(call, context).id);
  return NO_CONTENT;
}

/** Deletes what `listFunctionTriggers` lists. */
function batchDeleteFunctionTriggers(call: Call, context: ApiContext): Reply {
  for (const { id } of triggersOf(call, context)) context.store.triggers.delete(id);
  return NO_CONTENT;
}

function triggersOf(call: Call, context: ApiContext): TriggerRecord[] {
  const { key, urn, qualifier } = existingTargetOf(call, context);
  const all = context.store.triggers.list(key);
  return urn.qualified ? all.filter((trigger) => trigger.qualifier === qualifier) : all;
}

const MISSING: ReadonlyMap<string, ErrorCode> = new Map([
  [TriggerType.Apig, "FSS.1138"],
  [TriggerType.Timer, "FSS.1140"],
]);

function triggerOf(call: Call, context: ApiContext): TriggerRecord {
  const { key } = targetOf(call, context);
  const { trigger_type_code: type = "", trigger_id: id = "" } = call.parameters;
  const trigger = context.store.triggers.find(id);
  if (trigger !== undefined && keyText(trigger.key) === keyText(key) && trigger.spec.type === type)
    return trigger;
  throw new ApiError(
    MISSING.get(type) ?? "FSS.1131",
    `The function "${key.name}" has no ${shown(type)} trigger ${shown(id)}. List its triggers.`,
  );
}

/** A trigger as replies show it; for gateway triggers with its address. */
export function triggerReply(trigger: TriggerRecord, { publicUrl }: Call): Record<string, unknown> {
  if (trigger.spec.type !== TriggerType.Apig) return triggerToWire(trigger);
  const { path, name } = trigger.spec.eventData as ApigEventData;
  return triggerToWire(trigger, {
    invoke_url: `${publicUrl}${path}`,
    api_id: trigger.id,
    api_name: name ?? `API_${trigger.key.name}`,
  });
}

/** Two gateway triggers must not answer the same requests: FSS.1146 on the same function, FSS.1147 on another. */
function checkRoute(key: FunctionKey, data: ApigEventData, { store }: ApiContext): void {
  const wanted = routeOf(data);
  for (const other of store.triggers.all()) {
    if (other.spec.type !== TriggerType.Apig) continue;
    const { req_method: method, path } = other.spec.eventData as ApigEventData;
    const overlaps = method === data.req_method || method === "ANY" || data.req_method === "ANY";
    if (!overlaps || routeOf(other.spec.eventData as ApigEventData) !== wanted) continue;
    const own = keyText(other.key) === keyText(key);
    throw new ApiError(
      own ? "FSS.1146" : "FSS.1147",
      `${method} ${path} in the group "${data.group_id}" belongs to ${own ? "this function" : ownerOf(other, key)} already. Choose another path or method, or delete that trigger.`,
    );
  }
}

/** Names of other projects' functions are not told. */
function ownerOf(other: TriggerRecord, key: FunctionKey): string {
  return other.key.projectId === key.projectId
    ? `the function "${other.key.name}"`
    : "a function of another project";
}

/** What makes two paths the same: names of parameters and a last slash do not. */
function routeOf({ group_id: group, env_id: stage, match_mode: mode, path }: ApigEventData): string {
  return [group, stage, mode, path.replaceAll(/\{[^/]*\}/g, "{}").replace(/(.)\/$/, "$1")].join(" ");
}

function checkTimerName({ key, qualifier }: CallTarget, spec: TriggerSpec, { store }: ApiContext): void {
  const { name } = spec.eventData;
  const clash = store.triggers
    .list(key)
    .find(
      (one) => one.qualifier === qualifier && one.spec.type === spec.type && one.spec.eventData.name === name,
    );
  if (clash === undefined) return;
  throw new ApiError(
    "FSS.1148",
    `The function has a timer ${shown(name ?? "")} already. Choose another name.`,
  );
}

/** Triggers. */
export const triggersOperations = {
  CreateFunctionTrigger: createFunctionTrigger,
  ListFunctionTriggers: listFunctionTriggers,
  BatchDeleteFunctionTriggers: batchDeleteFunctionTriggers,
  ShowFunctionTrigger: showFunctionTrigger,
  UpdateTrigger: updateTrigger,
  DeleteFunctionTrigger: deleteFunctionTrigger,
} satisfies Operations;
