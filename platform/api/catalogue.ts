import { RUNTIMES } from "../../model/runtimes.ts";
import { TRIGGER_TYPES } from "../../model/trigger.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { pageOf } from "./page.ts";
import { existingTargetOf } from "./target.ts";
import { triggerReply } from "./triggers.ts";

/** What this platform can do, by the names that configurations have for it. */
function showFeatures(_: Call, { live }: ApiContext): Reply {
  return ok({
    dynamic_memory: true,
    reserved_instance: true,
    async_invoke: true,
    versions_and_aliases: true,
    dependency_versions: true,
    tags: true,
    custom_image: live.runsImages,
    gpu: false,
    vpc: live.surroundings !== undefined,
    mount: live.surroundings !== undefined,
    snapshot: false,
    service_bridge: false,
    workflow_execution: false,
  });
}

/** Query: `marker`, `maxitems`. Triggers of all functions of the project, oldest first. */
function listProjectTriggers(call: Call, { store, place }: ApiContext): Reply {
  const all = store.triggers.all().filter(({ key }) => key.projectId === call.projectId);
  const { items, nextMarker } = pageOf(all, call.query);
  const triggers = items.map((trigger) => {
    const { key, qualifier } = trigger;
    const target = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
    const func_urn = formatFunctionUrn({ region: place.region, ...key, ...target });
    return { ...triggerReply(trigger, call), func_urn };
  });
  return ok({ triggers, next_marker: nextMarker });
}

/** An array at top level. */
function listRuntimeTypes(): Reply {
  return ok(RUNTIMES.map(({ name }) => ({ type: name, display_name: name })));
}

/** An array at top level: the types of triggers that can be created here. */
function listTriggerTypes(): Reply {
  return ok(TRIGGER_TYPES);
}

/** The agencies that functions of the project may act as; none of them expires. */
function listTrustedAgencies(call: Call, { identities }: ApiContext): Reply {
  return ok(identities.agencies.list(call.projectId).map(({ name }) => ({ name, expire_time: "" })));
}

/** There are no service bridges off the cloud, so no function is bound to one. */
function listBridgeFunctions(call: Call, context: ApiContext): Reply {
  existingTargetOf(call, context);
  return ok([]);
}

/** There are no service bridges off the cloud, so none has versions. FSS.1001 without `type`. */
function listBridgeVersions(call: Call): Reply {
  if (call.query.get("type")) return ok([]);
  throw new ApiError("FSS.1001", "type is missing. Send type=<kind of bridge>.");
}

/** What the platform has as a whole. */
export const catalogueOperations = {
  ShowFeatures: showFeatures,
  ListProjectTriggers: listProjectTriggers,
  ListRuntimeTypes: listRuntimeTypes,
  ListTriggerTypes: listTriggerTypes,
  ListTrustedAgencies: listTrustedAgencies,
  ListBridgeFunctions: listBridgeFunctions,
  ListBridgeVersions: listBridgeVersions,
} satisfies Operations;
