import type { AliasSpec } from "../../model/alias.ts";
import { aliasFromWire, aliasToWire } from "../../model/wire/alias.ts";
import type { AliasRecord } from "../store/aliases.ts";
import type { FunctionKey } from "../store/function-key.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { markOwner } from "./owners.ts";
import { checkAliasReservations } from "./reserved-instances.ts";
import { shown, targetOf } from "./target.ts";

/** FSS.1063 for a taken name, FSS.1043 beyond the limit, FSS.1052 and FSS.1091 for versions that are not there. */
function createVersionAlias(call: Call, context: ApiContext): Reply {
  const { store, limits, place } = context;
  const { key } = targetOf(call, context);
  const spec = accept(aliasFromWire(call.body));
  if (store.aliases.find(key, spec.name) !== undefined) {
    throw new ApiError(
      "FSS.1063",
      `The alias ${shown(spec.name)} exists already. Update it, or choose another name.`,
    );
  }
  if (store.aliases.list(key).length >= limits.aliasesPerFunction) {
    throw new ApiError(
      "FSS.1043",
      `The function has ${limits.aliasesPerFunction} aliases, the most that are allowed. Delete one that is not used.`,
    );
  }
  checkVersions(key, spec, context);
  const made = store.aliases.create(key, spec);
  markOwner(call, context, { kind: "alias", within: key, name: spec.name });
  return ok(aliasToWire(made, key, place.region));
}

/** An array at top level, as the API has it. */
function listVersionAliases(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  return ok(context.store.aliases.list(key).map((alias) => aliasToWire(alias, key, context.place.region)));
}

/** FSS.1053 when it is not there. */
function showVersionAlias(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  return ok(aliasToWire(aliasOf(call, key, context), key, context.place.region));
}

/** Replaces versions, weight and description; the name stays. */
function updateVersionAlias(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const spec = accept(aliasFromWire(call.body, aliasOf(call, key, context).spec.name));
  checkVersions(key, spec, context);
  checkAliasReservations(key, spec, context);
  return ok(aliasToWire(context.store.aliases.update(key, spec), key, context.place.region));
}

/** FSS.1154 while triggers hang on it. */
function deleteVersionAlias(call: Call, context: ApiContext): Reply {
  const { key } = targetOf(call, context);
  const { name } = aliasOf(call, key, context).spec;
  if (context.store.triggers.list(key).some(({ qualifier }) => qualifier === `!${name}`)) {
    throw new ApiError("FSS.1154", `The alias "${name}" has triggers. Delete its triggers first.`);
  }
  context.store.aliases.delete(key, name);
  return NO_CONTENT;
}

function aliasOf(call: Call, key: FunctionKey, { store }: ApiContext): AliasRecord {
  const name = call.parameters["alias_name"] ?? "";
  const alias = store.aliases.find(key, name);
  if (alias !== undefined) return alias;
  throw new ApiError("FSS.1053", `The function "${key.name}" has no alias ${shown(name)}. List its aliases.`);
}

function checkVersions(key: FunctionKey, spec: AliasSpec, { store }: ApiContext): void {
  const missing = (version: string): boolean => store.versions.find(key, version) === undefined;
  if (missing(spec.version)) {
    throw new ApiError(
      "FSS.1052",
      `The function "${key.name}" has no version ${shown(spec.version)}. Publish it first, or name one that is there.`,
    );
  }
  if (spec.additional !== undefined && missing(spec.additional.version)) {
    throw new ApiError(
      "FSS.1091",
      `The function "${key.name}" has no version ${shown(spec.additional.version)} to be the additional one. Publish it first.`,
    );
  }
}

/** Aliases. */
export const aliasesOperations = {
  CreateVersionAlias: createVersionAlias,
  ListVersionAliases: listVersionAliases,
  ShowVersionAlias: showVersionAlias,
  UpdateVersionAlias: updateVersionAlias,
  DeleteVersionAlias: deleteVersionAlias,
} satisfies Operations;
