import { checkDescription } from "./description.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";
import { findRuntime, RUNTIMES, type RuntimeFamily } from "./runtimes.ts";

/** Owner of the dependencies that every project may use. */
export const PUBLIC_OWNER = "public";

/** A dependency version's own facts (guide 3.9). */
export interface DependencySpec {
  readonly name: string;
  /** The runtime that the libraries are built for. */
  readonly runtime: string;
  readonly description: string;
}

/** One version of a dependency, as the platform keeps it. */
export interface DependencyVersion {
  /** UUID of the version: what functions name. */
  readonly id: string;
  /** UUID of the dependency. */
  readonly dependencyId: string;
  /** Project id, or `PUBLIC_OWNER`. */
  readonly owner: string;
  readonly spec: DependencySpec;
  /** From 1 on; numbers are never given twice. */
  readonly version: number;
  /** SHA-512 of the archive, hex. */
  readonly digest: string;
  /** MD5 of the archive, hex. */
  readonly etag: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** All faults of a dependency version. */
export function checkDependency(spec: DependencySpec): Fault[] {
  return [
    ...checkName("dependency", spec.name),
    ...checkDescription(spec.description),
    ...(findRuntime(spec.runtime) === undefined ? [unknownRuntime(spec.runtime)] : []),
  ];
}

function unknownRuntime(name: string): Fault {
  return {
    property: "runtime",
    value: name,
    rule: "is not a runtime of the service",
    fix: `Use one of ${RUNTIMES.map((runtime) => runtime.name).join(", ")}.`,
    code: "FSS.1005",
  };
}

/** Runtimes that bring their own language, which may be any. */
const ANY_LANGUAGE: readonly (RuntimeFamily | undefined)[] = ["custom", "http", "image"];

/** True when a function of one runtime can use libraries for another: both are of one language. */
export function suitsRuntime(dependency: string, runtime: string): boolean {
  const [own, wanted] = [findRuntime(dependency)?.family, findRuntime(runtime)?.family];
  return own === wanted || ANY_LANGUAGE.includes(own) || ANY_LANGUAGE.includes(wanted);
}
