import { z } from "zod";
import { checkDependency, type DependencySpec, type DependencyVersion, PUBLIC_OWNER } from "../dependency.ts";
import type { Fault } from "../fault.ts";
import { LIMITS } from "../limits.ts";
import { base64, decodeBase64 } from "./base64.ts";
import { readBody } from "./body.ts";

/** A dependency on its way to the platform: its archive, or a link to one. */
export interface DependencyUpload {
  readonly spec: DependencySpec;
  readonly file?: Buffer;
  readonly link?: string;
}

const schema = z.looseObject({
  name: z.string(),
  runtime: z.string(),
  depend_type: z.string(),
  depend_file: base64.nullish(),
  depend_link: z.string().nullish(),
  description: z.string().nullish(),
});

const CODES = {
  name: "FSS.1024",
  runtime: "FSS.1005",
  depend_type: "FSS.1032",
  depend_file: "FSS.1011",
  depend_link: "FSS.1010",
  description: "FSS.1019",
};

/** Body of CreateDependencyVersion, and of the older CreateDependency and UpdateDependcy. */
export function dependencyFromWire(body: unknown): DependencyUpload | Fault[] {
  const read = readBody(schema, body, CODES);
  if (Array.isArray(read)) return read;
  const spec = { name: read.name, runtime: read.runtime, description: read.description ?? "" };
  const archive = readArchive(read);
  const faults = [...checkDependency(spec), ...(Array.isArray(archive) ? archive : [])];
  return faults.length > 0 || Array.isArray(archive) ? faults : { spec, ...archive };
}

function readArchive(body: z.infer<typeof schema>): { file: Buffer } | { link: string } | Fault[] {
  if (body.depend_type === "obs")
    return body.depend_link
      ? { link: body.depend_link }
      : [
          fault(
            "depend_link",
            "FSS.1010",
            "the type obs needs a link",
            "Give the link of a stored dependency.",
          ),
        ];
  if (body.depend_type !== "zip")
    return [
      { ...fault("depend_type", "FSS.1032", "must be zip or obs", 'Send "zip".'), value: body.depend_type },
    ];
  const file = decodeBase64(body.depend_file ?? "");
  if (file === undefined || file.length === 0)
    return [
      fault("depend_file", "FSS.1011", "must be a ZIP archive as Base64", "Encode the bytes of the archive."),
    ];
  if (file.length <= LIMITS.dependencyUploadBytes) return { file };
  return [
    fault(
      "depend_file",
      "FSS.1071",
      `the archive has ${file.length} bytes, at most ${LIMITS.dependencyUploadBytes} are allowed`,
      "Leave out what the libraries do not need, or split them into several dependencies.",
    ),
  ];
}

function fault(property: string, code: string, rule: string, fix: string): Fault {
  return { property, code, rule, fix };
}

/** What replies say of the account and the place a dependency is in. */
export interface DependencyPlace {
  readonly domainId: string;
  /** Where the archive is, signed requests only. */
  readonly link: string;
}

/** A version as the operations on versions answer it: `id` is the version's, `dep_id` the dependency's. */
export function dependencyVersionToWire(
  one: DependencyVersion,
  place: DependencyPlace,
): Record<string, unknown> {
  return {
    ...facts(one, place),
    id: one.id,
    dep_id: one.dependencyId,
    is_shared: one.owner === PUBLIC_OWNER,
  };
}

/** A dependency with the facts of one version, as the operations on dependencies answer it: `id` is the dependency's. */
export function dependencyToWire(one: DependencyVersion, place: DependencyPlace): Record<string, unknown> {
  return { ...facts(one, place), id: one.dependencyId, dep_id: one.dependencyId };
}

function facts(one: DependencyVersion, { domainId, link }: DependencyPlace): Record<string, unknown> {
  return {
    owner: one.owner === PUBLIC_OWNER ? PUBLIC_OWNER : domainId,
    link,
    runtime: one.spec.runtime,
    etag: one.etag,
    size: one.size,
    name: one.spec.name,
    description: one.spec.description,
    file_name: `${one.spec.name}.zip`,
    version: one.version,
    last_modified: Math.floor(one.modifiedAt / 1000),
  };
}

/** The fields of a function's replies that tell its dependencies. */
export function dependencyFields(
  used: readonly DependencyVersion[],
  domainId: string,
): Record<string, unknown> {
  return {
    depend_list: used.map((one) => one.dependencyId),
    depend_version_list: used.map((one) => one.id),
    dependencies: used.map((one) => dependencyVersionToWire(one, { domainId, link: "" })),
  };
}
