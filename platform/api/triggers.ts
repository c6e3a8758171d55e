import type { ErrorCode } from "../../model/error-catalogue.ts";
import { findEventSource } from "../../model/event-sources.ts";
import { isGateway, TriggerType, type ApigEventData } from "../../model/trigger.ts";
import { triggerFromWire, triggerToWire, updateTriggerFromWire } from "../../model/wire/trigger.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { keyText } from "../store/function-key.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { warned } from "./warned.ts";
import { markOwner } from "./owners.ts";
import { existingTargetOf, recordOf, shown, targetOf } from "./target.ts";
import { topicWarnings } from "./topic-warnings.ts";
import { refuseClash } from "./trigger-clashes.ts";

/**
 * Binds a trigger to a version or alias. FSS.1146 and FSS.1147 for a taken route, FSS.1148 for a taken timer name, the
 * source's own code for a second trigger of one source. Triggers of event sources are kept and listed; of topics alone
 * the platform delivers events. One whose topic is not there, or leads in a circle, is kept, and the reply's Warning header says so.
 */
export function createFunctionTrigger(call: Call, context: ApiContext): Reply {
  const target = targetOf(call, context);
  const { runtime } = recordOf(target, context).spec;
  const spec = accept(triggerFromWire(call.body, runtime));
  refuseClash(target, spec, context);
  const made = context.store.triggers.create(target.key, target.qualifier, spec);
  markOwner(call, context, { kind: "trigger", within: target.key, name: made.id });
  return warned({ status: 201, body: triggerReply(made, call) }, topicWarnings(made, context));
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
  const changed = context.store.triggers.update(trigger.id, spec);
  return warned(ok(triggerReply(changed, call)), topicWarnings(changed, context));
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

/** The code for a trigger of that type that is not there. */
function missingCode(type: string): ErrorCode {
  if (isGateway(type)) return "FSS.1138";
  if (type === TriggerType.Timer) return "FSS.1140";
  return (findEventSource(type)?.codes.missing ?? "FSS.1131") as ErrorCode;
}

function triggerOf(call: Call, context: ApiContext): TriggerRecord {
  const { key } = targetOf(call, context);
  const { trigger_type_code: type = "", trigger_id: id = "" } = call.parameters;
  const trigger = context.store.triggers.find(id);
  if (trigger !== undefined && keyText(trigger.key) === keyText(key) && trigger.spec.type === type)
    return trigger;
  throw new ApiError(
    missingCode(type),
    `The function "${key.name}" has no ${shown(type)} trigger ${shown(id)}. List its triggers.`,
  );
}

/** A trigger as replies show it; for gateway triggers with its address. */
export function triggerReply(trigger: TriggerRecord, { publicUrl }: Call): Record<string, unknown> {
  if (!isGateway(trigger.spec.type)) return triggerToWire(trigger);
  const { path, name } = trigger.spec.eventData as ApigEventData;
  return triggerToWire(trigger, {
    invoke_url: `${publicUrl}${path}`,
    api_id: trigger.id,
    api_name: name ?? `API_${trigger.key.name}`,
  });
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
