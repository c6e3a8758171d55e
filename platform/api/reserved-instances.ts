import type { AliasSpec } from "../../model/alias.ts";
import type { Fault } from "../../model/fault.ts";
import { formatFunctionUrn } from "../../model/names.ts";
import type { ReservedInstancesSpec } from "../../model/reserved-instances.ts";
import {
  reservedConfigToWire,
  reservedInstancesFromWire,
  reservedInstancesToWire,
} from "../../model/wire/reserved-instances.ts";
import type { ReservedInstancesRecord } from "../store/reserved-instances.ts";
import { keyText, type FunctionKey } from "../store/function-key.ts";
import { accept, refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { pageInfo, pageOf, type Page } from "./page.ts";
import { recordOf, shown, targetOf, type CallTarget } from "./target.ts";

/**
 * Reserves instances for the version or alias of the URN (guide 3.10); they are started at once, take over from those of the code before once
 * they are ready, and come back after a restart. With `idle_mode` their CPU is paused while nothing calls them. A count of 0 without policies ends
 * it. FSS.1076 beyond the function's instances or the project's share, FSS.0409 for a version and an alias of it at once.
 */
function updateFunctionReservedInstancesCount(call: Call, context: ApiContext): Reply {
  const target = targetOf(call, context);
  const { spec: own } = recordOf(target, context);
  const spec = accept(reservedInstancesFromWire(call.body, own.maxInstances));
  checkNotTwice(target, context);
  checkShare(target, spec, context);
  const { reservedInstances } = context.store;
  if (mostOf(spec) === 0) reservedInstances.delete(target.key, target.qualifier);
  else reservedInstances.put(target.key, target.qualifier, spec);
  markOwner(call, context, { kind: "reserved-instances", within: target.key, name: target.qualifier });
  return ok(reservedInstancesToWire(spec));
}

/** Ends one reserved instance after the calls that run there; as the count stays, another takes its place. FSS.0404 for an unknown one. */
async function deleteReservedInstanceById(call: Call, context: ApiContext): Promise<Reply> {
  const { key } = targetOf(call, context);
  const id = call.parameters["instance_id"] ?? "";
  const instances = await context.live.instances();
  const own = instances.some((one) => one.id === id && one.reserved && one.functionKey === keyText(key));
  if (own && (await context.live.end(id))) return NO_CONTENT;
  throw new ApiError(
    "FSS.0404",
    `The function "${key.name}" has no reserved instance ${shown(id)}. GET /fungraph/v1/instances lists those that run.`,
  );
}

/** Guide 3.10: an alias and the version it points to never have reserved instances both. */
function checkNotTwice({ key, qualifier, urn }: CallTarget, { store }: ApiContext): void {
  const versions =
    urn.alias === undefined ? [qualifier] : versionsOf(store.aliases.find(key, urn.alias)?.spec);
  for (const { qualifier: other } of store.reservedInstances.list(key)) {
    if (other.startsWith("!") === (urn.alias !== undefined)) continue;
    const clash = other.startsWith("!")
      ? versionsOf(store.aliases.find(key, other.slice(1))?.spec).includes(qualifier)
      : versions.includes(other);
    if (!clash) continue;
    throw new ApiError(
      "FSS.0409",
      `${shown(other)} of the function "${key.name}" has reserved instances already, and ${shown(qualifier)} stands for the same version. Set those to 0 first, or change them instead.`,
    );
  }
}

function versionsOf(
  alias: { version: string; additional?: { version: string } | undefined } | undefined,
): string[] {
  if (alias === undefined) return [];
  return [alias.version, ...(alias.additional === undefined ? [] : [alias.additional.version])];
}

/** FSS.0409 when an alias with reserved instances is to point to a version that has some of its own. */
export function checkAliasReservations(key: FunctionKey, alias: AliasSpec, { store }: ApiContext): void {
  const reserved = new Set(store.reservedInstances.list(key).map(({ qualifier }) => qualifier));
  const clash = versionsOf(alias).find((version) => reserved.has(version));
  if (clash === undefined || !reserved.has(`!${alias.name}`)) return;
  throw new ApiError(
    "FSS.0409",
    `The alias ${shown(alias.name)} and the version ${shown(clash)} both have reserved instances. Set those of one of them to 0 first.`,
  );
}

/** K1: the reserved instances of a project stay within their share of its concurrency. */
function checkShare({ key, qualifier }: CallTarget, spec: ReservedInstancesSpec, context: ApiContext): void {
  const { store, limits } = context;
  const most = Math.floor(limits.concurrentExecutions * limits.reservedShare);
  const others = store.reservedInstances
    .all(key.projectId)
    .filter((one) => keyText(one.key) !== keyText(key) || one.qualifier !== qualifier)
    .reduce((sum, one) => sum + mostOf(one.spec), 0);
  if (others + mostOf(spec) <= most) return;
  const fault: Fault = {
    property: "count",
    value: mostOf(spec),
    rule: `with the ${others} that other versions reserve must be at most ${most}, which is ${limits.reservedShare * 100} % of the ${limits.concurrentExecutions} executions that the project may run at once`,
    fix: others < most ? `Use ${most - others} or less.` : "Reserve fewer instances elsewhere first.",
    code: "FSS.1076",
  };
  throw refusal([fault]);
}

function mostOf(spec: ReservedInstancesSpec): number {
  return Math.max(spec.count, ...spec.policies.map((policy) => policy.count));
}

/** What is reserved for each version and alias. Query: `function_urn` (all of a function's), `marker`, `limit`. */
function listReservedInstanceConfigs(call: Call, context: ApiContext): Reply {
  const page = reservedPage(call, "function_urn", context);
  return ok({
    reserved_instances: page.items.map((record) => reservedConfigToWire(record, context.place.region)),
    page_info: pageInfo(page),
    count: page.count,
  });
}

/** How many reserved instances each version and alias has by its base count. Query: `urn`, `marker`, `limit`. */
function listFunctionReservedInstances(call: Call, context: ApiContext): Reply {
  const page = reservedPage(call, "urn", context);
  return ok({
    reservedinstances: page.items.map(({ key, qualifier, spec }) => {
      const name = qualifier.startsWith("!") ? { alias: qualifier.slice(1) } : { version: qualifier };
      return {
        func_urn: formatFunctionUrn({ region: context.place.region, ...key, ...name }),
        count: spec.count,
      };
    }),
    page_info: pageInfo(page),
    count: page.count,
  });
}

function reservedPage(call: Call, urnName: string, context: ApiContext): Page<ReservedInstancesRecord> {
  const { store } = context;
  const text = call.query.get(urnName) ?? "";
  if (text === "") return pageOf(store.reservedInstances.all(call.projectId), call.query, "limit");
  const { key, qualifier, urn } = targetOf({ ...call, parameters: { function_urn: text } }, context);
  const all = store.reservedInstances.list(key);
  return pageOf(urn.qualified ? all.filter((one) => one.qualifier === qualifier) : all, call.query, "limit");
}

/** Reserved instances. */
export const reservedInstancesOperations = {
  UpdateFunctionReservedInstancesCount: updateFunctionReservedInstancesCount,
  ListFunctionReservedInstances: listFunctionReservedInstances,
  DeleteReservedInstanceById: deleteReservedInstanceById,
  ListReservedInstanceConfigs: listReservedInstanceConfigs,
} satisfies Operations;
