import { z } from "zod";

import { TriggerType, type ApigEventData } from "../../model/trigger.ts";
import { formatApiTime, readBody } from "../../model/wire/body.ts";
import { triggerFromWire } from "../../model/wire/trigger.ts";
import type { TriggerRecord } from "../store/triggers.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { existingTargetOf, recordOf } from "./target.ts";

/** The group of the gateway triggers that addresses of functions are. */
const GROUP = "function-url";

const schema = z.looseObject({
  auth_type: z.enum(["NONE", "IAM"], 'must be "NONE" or "IAM"'),
  cors: z
    .looseObject({
      is_cors: z.literal(false, "browsers of other sites are not supported; send false").nullish(),
    })
    .nullish(),
});

/** Gives a version or alias an address of its own: a gateway trigger for every method below one path. FSS.0409 when it has one. */
function createFunctionUrl(call: Call, context: ApiContext): Reply {
  const target = existingTargetOf(call, context);
  const { auth_type: auth } = accept(readBody(schema, call.body));
  if (urlOf(call, context) !== undefined) {
    throw new ApiError("FSS.0409", "The function has an address already. Change it with PUT.");
  }
  const record = recordOf(target, context);
  const eventData = {
    name: `url_${record.key.name}`,
    path: `/function-url/${record.id}/${target.qualifier.replace("!", "alias-")}`,
    group_id: GROUP,
    match_mode: "SWA",
    req_method: "ANY",
    auth,
  };
  const body = { trigger_type_code: TriggerType.Apig, event_data: eventData };
  const spec = accept(triggerFromWire(body, record.spec.runtime));
  return ok(wire(context.store.triggers.create(target.key, target.qualifier, spec), call));
}

/** FSS.0404 when the function has none. */
function showFunctionUrl(call: Call, context: ApiContext): Reply {
  return ok(wire(existingUrlOf(call, context), call));
}

/** Changes who may call it; the address stays. */
function updateFunctionUrl(call: Call, context: ApiContext): Reply {
  const { id, spec } = existingUrlOf(call, context);
  const { auth_type: auth } = accept(readBody(schema, call.body));
  const eventData = { ...(spec.eventData as ApigEventData), auth };
  return ok(wire(context.store.triggers.update(id, { ...spec, eventData }), call));
}

/** FSS.0404 when the function has none. */
function deleteFunctionUrl(call: Call, context: ApiContext): Reply {
  context.store.triggers.delete(existingUrlOf(call, context).id);
  return NO_CONTENT;
}

function urlOf(call: Call, context: ApiContext): TriggerRecord | undefined {
  const { key, qualifier } = existingTargetOf(call, context);
  return context.store.triggers
    .list(key)
    .find(
      (one) =>
        one.qualifier === qualifier &&
        one.spec.type === TriggerType.Apig &&
        (one.spec.eventData as ApigEventData).group_id === GROUP,
    );
}

function existingUrlOf(call: Call, context: ApiContext): TriggerRecord {
  const url = urlOf(call, context);
  if (url !== undefined) return url;
  throw new ApiError("FSS.0404", "The function has no address of its own. Make one with POST.");
}

function wire({ spec, createdAt, modifiedAt }: TriggerRecord, { publicUrl }: Call): Record<string, unknown> {
  const { auth, path } = spec.eventData as ApigEventData;
  return {
    auth_type: auth,
    cors: { is_cors: false },
    function_url: `${publicUrl}${path}`,
    create_time: formatApiTime(createdAt),
    last_modified_time: formatApiTime(modifiedAt),
  };
}

/** Addresses of functions, which older clients know. */
export const functionUrlOperations = {
  CreateFunctionUrl: createFunctionUrl,
  ShowFunctionUrl: showFunctionUrl,
  UpdateFunctionUrl: updateFunctionUrl,
  DeleteFunctionUrl: deleteFunctionUrl,
} satisfies Operations;
