import { LATEST } from "./version.ts";

/** The parts of a function URN (guide 1.8; invocation facts). */
export interface FunctionUrn {
  readonly region: string;
  readonly projectId: string;
  readonly package: string;
  readonly name: string;
  /** A version name; `latest` when the URN names none. Undefined when an alias is named. */
  readonly version?: string;
  readonly alias?: string;
  /** True when the text itself named a version or an alias. */
  readonly qualified: boolean;
}

/** `urn:fss:<region>:<project>:function:<package>:<name>:<version | !alias>` */
export function formatFunctionUrn(urn: Omit<FunctionUrn, "qualified">): string {
  const qualifier = urn.alias === undefined ? (urn.version ?? LATEST) : `!${urn.alias}`;
  return `urn:fss:${urn.region}:${urn.projectId}:function:${urn.package}:${urn.name}:${qualifier}`;
}
