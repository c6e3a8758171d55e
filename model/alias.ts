import { checkDescription } from "./description.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";
import { checkWholeNumber } from "./number.ts";
import { LATEST } from "./version.ts";

/** An alias: one version, or two with a weight (guide 3.3.10). */
export interface AliasSpec {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The grey version and the share of requests that go to it, in percent 0–100. Never `latest`. */
  readonly additional?: { readonly version: string; readonly weight: number };
}

/** All faults of an alias (guide 3.3.10). Whether the versions exist is the platform's to say. */
export function checkAlias(spec: AliasSpec): Fault[] {
  return [
    ...checkName("alias", spec.name),
    ...checkName("version", spec.version, "version"),
    ...checkDescription(spec.description),
    ...(spec.additional === undefined ? [] : checkAdditional(spec.version, spec.additional)),
  ];
}

function checkAdditional(main: string, grey: NonNullable<AliasSpec["additional"]>): Fault[] {
  const faults = [
    ...checkName("version", grey.version, "additional.version").map((fault) => ({
      ...fault,
      code: "FSS.1091",
    })),
    ...checkWholeNumber("additional.weight", grey.weight, {
      min: 0,
      max: 100,
      unit: "percent",
      code: "FSS.1092",
    }),
  ];
  const given = { property: "additional.version", value: grey.version };
  if (grey.version === LATEST)
    faults.push({
      ...given,
      rule: "the grey version cannot be latest, which changes under way",
      fix: "Publish a version and name that one.",
      code: "FSS.1091",
    });
  else if (grey.version === main)
    faults.push({
      ...given,
      rule: "is the main version of the alias already",
      fix: "Name another version, or leave additional out.",
      code: "FSS.1093",
    });
  return faults;
}
