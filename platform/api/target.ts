import { parseFunctionUrn, type FunctionUrn } from "../../model/names.ts";
import { LATEST } from "../../model/version.ts";
import type { FunctionKey } from "../store/function-key.ts";
import type { FunctionRecord } from "../store/functions.ts";
import { ApiError } from "./api-error.ts";
import type { ApiContext, Call } from "./operation.ts";

/** The function that a path names, and which version or alias of it. */
export interface CallTarget {
  readonly key: FunctionKey;
  /** The `latest` record: proof that the function exists. */
  readonly latest: FunctionRecord;
  readonly urn: FunctionUrn;
  /** Version name or `!alias`. */
  readonly qualifier: string;
}

/** Reads `{function_urn}`; throws FSS.1309 for what is no URN, FSS.0403 for another project's, FSS.1051 when it is not there. */
export function targetOf(call: Call, { store, place }: ApiContext): CallTarget {
  const text = call.parameters["function_urn"] ?? "";
  const urn = parseFunctionUrn(text, { region: place.region, projectId: call.projectId });
  if (urn === undefined) {
    throw new ApiError(
      "FSS.1309",
      `${shown(text)} is not the URN of a function. Write urn:fss:${place.region}:${call.projectId}:function:<package>:<name>:<version or !alias>, or the name alone.`,
    );
  }
  if (urn.projectId !== call.projectId) {
    throw new ApiError(
      "FSS.0403",
      `The URN ${shown(text)} is of another project. Use a URN of "${call.projectId}", which signed the request.`,
    );
  }
  const key = { projectId: urn.projectId, package: urn.package, name: urn.name };
  const latest = store.functions.find(key);
  if (latest === undefined || urn.region !== place.region) {
    throw new ApiError(
      "FSS.1051",
      `There is no function ${shown(text)} in the region "${place.region}". List the functions to see their URNs.`,
    );
  }
  const qualifier = urn.alias === undefined ? (urn.version ?? LATEST) : `!${urn.alias}`;
  return { key, latest, urn, qualifier };
}

/** The target when its version or alias exists too; throws FSS.1052 or FSS.1053. */
export function existingTargetOf(call: Call, context: ApiContext): CallTarget {
  const target = targetOf(call, context);
  recordOf(target, context);
  return target;
}

/** The record of the version that a target names, or that its alias points to. */
export function recordOf({ key, latest, urn, qualifier }: CallTarget, { store }: ApiContext): FunctionRecord {
  if (qualifier === LATEST) return latest;
  const version = urn.alias === undefined ? qualifier : store.aliases.find(key, urn.alias)?.spec.version;
  if (version === undefined) {
    throw new ApiError(
      "FSS.1053",
      `The function "${key.name}" has no alias ${shown(urn.alias ?? "")}. List its aliases.`,
    );
  }
  const record = store.versions.find(key, version);
  if (record === undefined) {
    throw new ApiError(
      "FSS.1052",
      `The function "${key.name}" has no version ${shown(version)}. List its versions.`,
    );
  }
  return record;
}

/** A target whose configuration and code may change: `latest`. */
export function changeableTargetOf(call: Call, context: ApiContext): CallTarget {
  const target = existingTargetOf(call, context);
  if (target.qualifier === LATEST) return target;
  throw new ApiError(
    "FSS.1015",
    `${shown(target.qualifier)} is published and never changes. Change latest, then publish another version.`,
  );
}

/** A text of the caller as it is shown in a sentence. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 197)}...` : text);
}
