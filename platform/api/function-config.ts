import { isDeepStrictEqual } from "node:util";

import type { FunctionSpec } from "../../model/function.ts";
import { updateConfigFromWire } from "../../model/wire/function-config.ts";
import { functionToWire } from "../../model/wire/function.ts";
import { maxInstancesFromWire } from "../../model/wire/version.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { accept } from "./accept.ts";
import { mergeCode, withDependencies } from "./dependency-use.ts";
import { checkFacilities } from "./facility-use.ts";
import { ok, type ApiContext, type Call, type Reply, type Operations } from "./operation.ts";
import { changeableTargetOf, recordOf, targetOf } from "./target.ts";

/** Configuration and code facts of a version, or of what an alias points to. */
function showFunctionConfig(call: Call, context: ApiContext): Reply {
  return ok(functionToWire(recordOf(targetOf(call, context), context), context.place));
}

/** Changes `latest`; fields that are left out stay. Name and runtime never change. */
async function updateFunctionConfig(call: Call, context: ApiContext): Promise<Reply> {
  const { latest } = changeableTargetOf(call, context);
  const given = accept(updateConfigFromWire(call.body, latest.spec));
  const spec = withDependencies(given, call.projectId, context);
  checkFacilities(spec, call.projectId, context);
  if (!isDeepStrictEqual(spec.dependencies, latest.spec.dependencies)) {
    await mergeCode(latest.code, spec.dependencies, context);
    // Others may have deleted dependencies while they were merged.
    withDependencies(spec, call.projectId, context);
    checkFacilities(spec, call.projectId, context);
  }
  return ok(change(latest, spec, context));
}

/** Bounds the instances of `latest`; 0 disables it (guide 3.3.8, 3.8). */
function updateFunctionMaxInstanceConfig(call: Call, context: ApiContext): Reply {
  const { latest } = changeableTargetOf(call, context);
  const maxInstances = accept(maxInstancesFromWire(call.body));
  return ok(change(latest, { ...latest.spec, maxInstances }, context));
}

/** Writes a configuration; one that is the same already is no change, so that no instance is replaced for nothing. */
function change(
  latest: FunctionRecord,
  spec: FunctionSpec,
  { store, place }: ApiContext,
): Record<string, unknown> {
  const same = isDeepStrictEqual(spec, latest.spec);
  const record = same ? latest : store.functions.update(latest.key, latest.revision, { spec });
  return functionToWire(record, place);
}

/** Configuration of functions. */
export const functionConfigOperations = {
  ShowFunctionConfig: showFunctionConfig,
  UpdateFunctionConfig: updateFunctionConfig,
  UpdateFunctionMaxInstanceConfig: updateFunctionMaxInstanceConfig,
} satisfies Operations;
