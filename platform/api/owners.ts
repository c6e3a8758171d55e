import { ASSETS, type OwnedThing, PARTS } from "../store/owners.ts";
import { ApiError } from "./api-error.ts";
import { ok, type ApiContext, type Call, type Reply } from "./operation.ts";
import type { Route } from "./route-match.ts";
import { shown, targetOf } from "./target.ts";

/** Marks what a call has made as its owner's, where the call names one. */
export function markOwner({ owner }: Call, { store }: ApiContext, thing: OwnedThing): void {
  if (owner !== undefined) store.owners.put(thing, owner);
}

/**
 * The mark that a thing's maker left on it, for declarations that know their own work again after an interruption.
 * Query: `kind`; `target` (the URN of the function, for what belongs to one); `name`. `{}` where nobody left one.
 */
function showOwner(call: Call, context: ApiContext): Reply {
  return ok({ owner: context.store.owners.find(thingOf(call, context)) });
}

function thingOf(call: Call, context: ApiContext): OwnedThing {
  const given = call.query.get("kind") ?? "";
  const name = call.query.get("name") ?? "";
  const asset = ASSETS.find((one) => one === given);
  if (asset !== undefined) return { kind: asset, within: call.projectId, name };
  const part = PARTS.find((one) => one === given);
  if (part === undefined)
    throw new ApiError(
      "FSS.0400",
      `${shown(given)} is no kind. Use one of ${[...PARTS, ...ASSETS].join(", ")}.`,
    );
  const parameters = { function_urn: call.query.get("target") ?? "" };
  return { kind: part, within: targetOf({ ...call, parameters }, context).key, name };
}

/** Whose things are. */
export const OWNER_ROUTES: readonly Route[] = [
  { method: "GET", path: "/fungraph/v1/owner", access: "read", operation: showOwner },
];
