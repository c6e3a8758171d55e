import { LATEST } from "../../model/version.ts";
import { createFunctionFromWire } from "../../model/wire/function-config.ts";
import { functionToWire } from "../../model/wire/function.ts";
import { tagTextFromWire } from "../../model/wire/tag.ts";
import { accept } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import { mergeCode, withDependencies } from "./dependency-use.ts";
import { checkFacilities } from "./facility-use.ts";
import { storeCode } from "./function-code.ts";
import { writeFunctions } from "./function-list.ts";
import { JsonPieces } from "./json-pieces.ts";
import { NO_CONTENT, ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { rangeOf } from "./page.ts";
import { checkTagRoom, putTags } from "./tags.ts";
import { existingTargetOf, shown, targetOf } from "./target.ts";

/** Creates `latest` with its code. FSS.1061 for a taken name, FSS.1041 beyond the limit of the project. */
export async function createFunction(call: Call, context: ApiContext): Promise<Reply> {
  const { spec: given, code } = accept(createFunctionFromWire(call.body));
  const spec = withDependencies(given, call.projectId, context);
  checkFacilities(spec, call.projectId, context);
  const key = { projectId: call.projectId, package: spec.package, name: spec.name };
  const { functions } = context.store;
  const { tags } = accept(tagTextFromWire((call.body as { tags?: string | null }).tags));
  checkTagRoom(tags, context);
  checkRoom(call.projectId, context);
  if (functions.find(key) !== undefined) throw exists(spec.name);
  const stored = await storeCode(code, spec, call.projectId, context);
  await mergeCode(stored, spec.dependencies, context);
  // Others may have created functions, or deleted dependencies, while the code was stored.
  withDependencies(spec, call.projectId, context);
  checkFacilities(spec, call.projectId, context);
  checkRoom(call.projectId, context);
  if (functions.find(key) !== undefined) throw exists(spec.name);
  const created = functions.create({ key, spec, code: stored });
  putTags(key, tags, context);
  return ok(functionToWire(created, context.place));
}

function checkRoom(projectId: string, { store, limits }: ApiContext): void {
  if (store.functions.count(projectId) < limits.functions) return;
  throw new ApiError(
    "FSS.1041",
    `The project has ${limits.functions} functions, the most that are allowed. Delete one that is not used.`,
  );
}

function exists(name: string): ApiError {
  return new ApiError(
    "FSS.1061",
    `The function ${shown(name)} exists already. Update it, or choose another name.`,
  );
}

/** Query: `marker`, `maxitems`, `package_name` (whole), `func_name` (part of the name). */
async function listFunctions(call: Call, { store, place }: ApiContext): Promise<Reply> {
  const range = rangeOf(call.query, { sizeName: "maxitems" });
  const { records, count } = store.functions.page(call.projectId, {
    package: call.query.get("package_name") || undefined,
    namePart: call.query.get("func_name") || undefined,
    ...range,
  });
  const next_marker = Math.min(range.offset, count) + records.length;
  const end = `],"next_marker":${next_marker},"count":${count}}`;
  const written = await writeFunctions(records, place);
  return ok(JsonPieces.of([Buffer.from('{"functions":['), ...written, Buffer.from(end)]));
}

/** Without a version: the function and all that is its own. With one: that version, its aliases and its triggers. */
function deleteFunction(call: Call, context: ApiContext): Reply {
  const { store } = context;
  const { key, urn, qualifier } = urnOnly(call, context);
  if (!urn.qualified) {
    store.functions.delete(key);
    return NO_CONTENT;
  }
  if (qualifier === LATEST) {
    throw new ApiError(
      "FSS.1015",
      "latest cannot be deleted alone. Leave the version out of the URN to delete the whole function.",
    );
  }
  const grey = store.aliases.list(key).find(({ spec }) => spec.additional?.version === qualifier);
  if (grey !== undefined) {
    throw new ApiError(
      "FSS.1094",
      `The version ${shown(qualifier)} is the additional version of the alias "${grey.spec.name}". Take it out of the alias first.`,
    );
  }
  store.versions.delete(key, qualifier);
  return NO_CONTENT;
}

function urnOnly(call: Call, context: ApiContext) {
  const target = targetOf(call, context);
  if (target.urn.alias !== undefined) {
    throw new ApiError(
      "FSS.1309",
      `The URN names the alias "${target.urn.alias}". Delete an alias with DELETE …/aliases/${target.urn.alias}.`,
    );
  }
  return existingTargetOf(call, context);
}

/** Functions as a whole. */
export const functionsOperations = {
  CreateFunction: createFunction,
  ListFunctions: listFunctions,
  DeleteFunction: deleteFunction,
} satisfies Operations;
