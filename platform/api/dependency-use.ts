import { type DependencyVersion, PUBLIC_OWNER, suitsRuntime } from "../../model/dependency.ts";
import type { Fault } from "../../model/fault.ts";
import type { CodeSpec, FunctionSpec } from "../../model/function.ts";
import { CodeType } from "../../model/runtimes.ts";
import { ClashError } from "../store/code.ts";
import { refusal } from "./accept.ts";
import { ApiError } from "./api-error.ts";
import type { ApiContext } from "./operation.ts";

/**
 * The configuration with the versions that its dependencies mean: the id of a version, or of a dependency for its newest.
 * Throws FSS.1045 for too many, FSS.1024 for those that the project has not or that are of another language.
 */
export function withDependencies(spec: FunctionSpec, projectId: string, context: ApiContext): FunctionSpec {
  const { dependencies: ids, ...rest } = spec;
  if (ids === undefined || ids.length === 0) return rest;
  const limit = context.limits.dependenciesPerFunction;
  if (ids.length > limit) {
    throw new ApiError(
      "FSS.1045",
      `depend_version_list names ${ids.length} dependencies, a function has at most ${limit}. Put several libraries into one dependency.`,
    );
  }
  const found = ids.map((id) => usableDependency(id, projectId, context));
  const faults = found.flatMap((one, index) => checkUse(one, ids[index] ?? "", spec.runtime));
  if (faults.length > 0) throw refusal(faults);
  return { ...rest, dependencies: [...new Set(found.flatMap((one) => (one === undefined ? [] : [one.id])))] };
}

/**
 * A version that a project may use: by its own id, by its dependency's for the newest, or as `name:version`, which is how
 * exported functions name it.
 */
export function usableDependency(
  id: string,
  projectId: string,
  { store }: ApiContext,
): DependencyVersion | undefined {
  const { dependencies } = store;
  const found = dependencies.version(id) ?? dependencies.find(id);
  if (found?.owner === projectId || found?.owner === PUBLIC_OWNER) return found;
  const [name = "", version] = id.split(":");
  const named = version && (dependencies.named(projectId, name) ?? dependencies.named(PUBLIC_OWNER, name));
  if (!named) return undefined;
  return dependencies.versions(named.dependencyId).find((one) => String(one.version) === version);
}

function checkUse(found: DependencyVersion | undefined, id: string, runtime: string): Fault[] {
  const given = { property: "depend_version_list", value: id, code: "FSS.1024" };
  if (found === undefined)
    return [
      { ...given, rule: "is no dependency version of this project", fix: "List the dependencies' versions." },
    ];
  if (suitsRuntime(found.spec.runtime, runtime)) return [];
  return [
    {
      ...given,
      rule: `is "${found.spec.name}" for ${found.spec.runtime}, the function runs on ${runtime}`,
      fix: `Publish a version of it for ${runtime}.`,
    },
  ];
}

/**
 * Merges code with the dependencies of a configuration, so that the first call finds them merged. Throws FSS.0424 with all
 * paths that two of them fill differently (guide 3.9).
 */
export async function mergeCode(
  { type, digest }: CodeSpec,
  dependencies: FunctionSpec["dependencies"],
  { store }: ApiContext,
): Promise<void> {
  if (type === CodeType.Image) return;
  const used = (dependencies ?? []).flatMap((id) => store.dependencies.version(id) ?? []);
  try {
    await store.code.folder(
      digest,
      used.map((one) => one.digest),
    );
  } catch (error) {
    throw error instanceof ClashError ? clash(error, used) : error;
  }
}

/** More would hide the first among the many. */
const SHOWN = 20;

function clash({ clashes }: ClashError, used: readonly DependencyVersion[]): ApiError {
  const nameOf = (digest: string): string => {
    const found = used.find((one) => one.digest === digest);
    return found === undefined
      ? "the function's code"
      : `the dependency "${found.spec.name}" (version ${found.version})`;
  };
  const lines = clashes
    .slice(0, SHOWN)
    .map(({ path, first, second }) => `"${path}" is in ${nameOf(first)} and in ${nameOf(second)}.`);
  const more =
    clashes.length > SHOWN ? [`${clashes.length - SHOWN} more paths are in two of them as well.`] : [];
  return new ApiError(
    "FSS.0424",
    [
      ...lines,
      ...more,
      "Code and dependencies share one folder: rename these files, or keep one of them.",
    ].join("\n"),
  );
}
