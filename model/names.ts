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

const PART = /^[\w.-]+$/;

/**
 * Reads a URN with or without its version, or one of the short forms `name`, `package:name` and
 * `project:package:name`, each with an optional version or `!alias` behind it. Undefined when the text is none of them.
 *
 * A short form and a version look alike: `a:b` is read as package and name, so a version needs the longest
 * short form (`project:package:name:version`), and an alias, told by its `!`, goes with each.
 */
export function parseFunctionUrn(
  text: string,
  defaults: { readonly region: string; readonly projectId: string },
): FunctionUrn | undefined {
  const parts = text.split(":");
  if (parts[0] === "urn" && parts.length >= 7) return parseFull(parts);
  const last = parts.at(-1) ?? "";
  const alias = last.startsWith("!");
  const names = alias || parts.length === 4 ? parts.slice(0, -1) : parts;
  if (names.length < 1 || names.length > 3) return undefined;
  const name = names.at(-1) ?? "";
  const owner = {
    region: defaults.region,
    projectId: names.length === 3 ? (names[0] ?? "") : defaults.projectId,
    package: names.length === 1 ? "default" : (names.at(-2) ?? ""),
    name,
  };
  return qualify(owner, names.length < parts.length ? last : undefined);
}

function parseFull(parts: readonly string[]): FunctionUrn | undefined {
  const [, service, region, projectId, kind, pack, name, qualifier] = parts;
  if (service !== "fss" || kind !== "function" || parts.length > 8) return undefined;
  if (region === undefined || projectId === undefined || pack === undefined || name === undefined)
    return undefined;
  return qualify({ region, projectId, package: pack, name }, qualifier);
}

type Owner = Pick<FunctionUrn, "region" | "projectId" | "package" | "name">;

function qualify(owner: Owner, qualifier: string | undefined): FunctionUrn | undefined {
  for (const part of [owner.region, owner.projectId, owner.package, owner.name])
    if (!PART.test(part)) return undefined;
  if (qualifier === undefined) return { ...owner, version: LATEST, qualified: false };
  const alias = qualifier.startsWith("!");
  const name = alias ? qualifier.slice(1) : qualifier;
  if (!PART.test(name)) return undefined;
  return { ...owner, ...(alias ? { alias: name } : { version: name }), qualified: true };
}

/** The name of a version that was published without one: `v20220510-190658`, in UTC (guide 3.3.9). */
export function automaticVersionName(at: Date): string {
  const [day = "", time = ""] = at.toISOString().split("T");
  return `v${day.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}`;
}
