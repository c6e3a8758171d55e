import { z } from "zod";
import { type AliasSpec, checkAlias } from "../alias.ts";
import type { Fault } from "../fault.ts";
import { formatFunctionUrn } from "../names.ts";
import { formatApiTime, parseApiTime, readBody } from "./body.ts";

const schema = z.looseObject({
  name: z.string(),
  version: z.string(),
  description: z.string().nullish(),
  additional_version_weights: z.record(z.string(), z.number()).nullish(),
});

const CODES = {
  name: "FSS.1014",
  version: "FSS.1015",
  description: "FSS.1019",
  additional_version_weights: "FSS.1092",
};

/** Body of CreateVersionAlias; with `name`, body of UpdateVersionAlias, which has none of its own. */
export function aliasFromWire(body: unknown, name?: string): AliasSpec | Fault[] {
  const named = name === undefined || typeof body !== "object" ? body : { ...body, name };
  const read = readBody(schema, named, CODES);
  if (Array.isArray(read)) return read;
  const grey = Object.entries(read.additional_version_weights ?? {});
  const spec = specOf(read, grey[0]);
  const faults = checkAlias(spec).map(onTheWire);
  if (grey.length > 1)
    faults.push({
      property: "additional_version_weights",
      value: Object.fromEntries(grey),
      rule: "an alias has at most one additional version",
      fix: "Name one version with its weight.",
      code: "FSS.1091",
    });
  return faults.length > 0 ? faults : spec;
}

/** The body that CreateVersionAlias and UpdateVersionAlias take. */
export function aliasToBody(spec: AliasSpec): Record<string, unknown> {
  return {
    name: spec.name,
    version: spec.version,
    description: spec.description,
    additional_version_weights:
      spec.additional === undefined ? {} : { [spec.additional.version]: spec.additional.weight },
  };
}

/** An alias as the API answers it. */
export function aliasToWire(
  view: { readonly spec: AliasSpec; readonly modifiedAt: number },
  key: { readonly projectId: string; readonly package: string; readonly name: string },
  region: string,
): Record<string, unknown> {
  return {
    ...aliasToBody(view.spec),
    last_modified: formatApiTime(view.modifiedAt),
    alias_urn: formatFunctionUrn({ region, ...key, alias: view.spec.name }),
  };
}

/** An alias as a client reads it. */
export interface AliasReply {
  readonly urn: string;
  readonly spec: AliasSpec;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

const replySchema = schema.extend({ alias_urn: z.string(), last_modified: z.string() });

/** Reads a reply of the alias calls, or an item of their list. */
export function aliasReplyFromWire(body: unknown): AliasReply | Fault[] {
  const read = readBody(replySchema, body);
  if (Array.isArray(read)) return read;
  const [grey] = Object.entries(read.additional_version_weights ?? {});
  return { urn: read.alias_urn, spec: specOf(read, grey), modifiedAt: parseApiTime(read.last_modified) };
}

function specOf(read: z.infer<typeof schema>, grey: [string, number] | undefined): AliasSpec {
  return {
    name: read.name,
    version: read.version,
    description: read.description ?? "",
    ...(grey === undefined ? {} : { additional: { version: grey[0], weight: grey[1] } }),
  };
}

function onTheWire(fault: Fault): Fault {
  return fault.property.startsWith("additional.")
    ? { ...fault, property: "additional_version_weights" }
    : fault;
}
