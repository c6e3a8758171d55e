import { checkDescription } from "./description.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";

/** The version name that always means the newest code and configuration. */
export const LATEST = "latest";

/** A published version: an immutable snapshot of code and configuration (guide 3.3.9). */
export interface VersionSpec {
  /** Own name, or `vYYYYMMDD-HHMMSS` when none is given. */
  readonly name: string;
  readonly description: string;
}

/** All faults of a version that is to be published. */
export function checkVersion(spec: VersionSpec): Fault[] {
  const faults = [...checkName("version", spec.name), ...checkDescription(spec.description)];
  if (spec.name === LATEST)
    faults.push({
      property: "name",
      value: spec.name,
      rule: "is the version that always changes and cannot be published",
      fix: 'Choose another name, for example "v1", or leave it out for one made of the time.',
      code: "FSS.1015",
    });
  return faults;
}
