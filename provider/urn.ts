import type { Fault } from "../model/fault.ts";
import { formatFunctionUrn, type FunctionUrn, parseFunctionUrn } from "../model/names.ts";
import { LATEST } from "../model/version.ts";

const NOWHERE = { region: "", projectId: "" };

/** A URN that stands in for one that is not known yet. */
export const ANY_URN = "urn:fss:r:p:function:default:f:latest";

/** A fault unless the input is a whole URN, as the resources of this package give out. */
export function checkFunctionUrn(text: string, property = "functionUrn"): Fault[] {
  if (text.startsWith("urn:fss:") && parseFunctionUrn(text, NOWHERE) !== undefined) return [];
  return [
    {
      property,
      value: text,
      rule: "must be the URN of a function, urn:fss:region:project:function:package:name:version",
      fix: "Give fn.functionUrn, version.versionUrn or alias.aliasUrn.",
      code: "FSS.1051",
    },
  ];
}

/** The URN of the same function with another version or alias. */
export function qualified(functionUrn: string, qualifier: { version: string } | { alias: string }): string {
  const { version: _version, alias: _alias, ...urn } = parse(functionUrn);
  return formatFunctionUrn({ ...urn, ...qualifier });
}

/** The URN of the function itself, whatever version or alias the given one names. */
export function latestUrn(functionUrn: string): string {
  return qualified(functionUrn, { version: LATEST });
}

/** The URN without version and alias, which means the function with all that belongs to it. */
export function unqualifiedUrn(functionUrn: string): string {
  return latestUrn(functionUrn).slice(0, -`:${LATEST}`.length);
}

/** The function and the name of the alias that a URN names; `latest` of the function where it names none. */
export function aliasOf(urn: string): { functionUrn: string; name: string } {
  return { functionUrn: latestUrn(urn), name: parse(urn).alias ?? "" };
}

/** What settings of a version or an alias are filed under: `latest`, the version's name, or the alias's behind a `!`. */
export function qualifierOf(urn: string): string {
  const { alias, version } = parse(urn);
  return alias === undefined ? (version ?? LATEST) : `!${alias}`;
}

function parse(text: string): FunctionUrn {
  const urn = parseFunctionUrn(text, NOWHERE);
  if (urn === undefined) throw new Error(`${JSON.stringify(text)} is not the URN of a function.`);
  return urn;
}
