import { z } from "zod";
import type { PublishedDependency } from "../client/dependencies.ts";
import type { DependencyInputs } from "../model/declaration.ts";
import { checkDependency, type DependencySpec } from "../model/dependency.ts";
import type { CodeSource } from "./code-source.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import type { Live, ResourceLogic } from "./resource.ts";
import { UNKNOWN } from "./unknown.ts";

/** A dependency version as it was published. */
interface DependencyState extends DependencyInputs {
  readonly dependencyId: string;
  readonly versionId: string;
  readonly version: number;
}

const schema = {
  inputs: z.strictObject({
    name: z.string().describe("Name of the dependency."),
    runtime: z.string().describe("Runtime that the libraries are built for."),
    description: z.string().default("").describe("What is in it; at most 512 characters."),
    codeEtag: z.string().describe("MD5 of the archive, hex."),
    codeSize: z.number().describe("Bytes of the archive."),
    codeArchive: z.string().describe("Where the archive lies, relative to the program's folder."),
  }),
  outputs: z.object({
    dependencyId: z.string().describe("Id of the dependency, the same for all its versions."),
    versionId: z.string().describe("Id of this version: what functions name."),
    version: z.number().describe("Number of this version, from 1 on."),
  }),
};

const source: CodeSource = {
  about:
    "The files, relative to the program's folder: a folder or a .zip file. They fill in the other properties that begin with code.",
  fills: { codeEtag: "", codeSize: 0, codeArchive: "" },
  needs: [],

  async pack({ root, code }) {
    if (code === undefined) return undefined;
    const { packDependency } = await import("../packaging/dependency.ts");
    const { keepArchive } = await import("../packaging/archive-folder.ts");
    const { archive, etag, size } = await packDependency({ root, code });
    return { codeEtag: etag, codeSize: size, codeArchive: keepArchive(root, etag, archive) };
  },
};

const rules: InputRules<DependencyInputs> = {
  schema: schema.inputs,
  standIns: { name: "dependency", runtime: "http", description: "", ...source.fills },
  faults: (inputs) => checkDependency(inputs),
};

const TOLD = ["name", "runtime", "description", "codeEtag", "codeSize"];
const differ: DiffRules = { inputs: TOLD, replace: TOLD, identity: [] };

/**
 * Publishes dependencies. A version never changes, so every change is a new version; the one before is deleted after
 * everything that named it has moved on.
 */
export const dependencyLogic: ResourceLogic<DependencyInputs, DependencyState> = {
  about: "Libraries that functions share: one version of a dependency.",
  schema,
  fixed: differ.replace,
  secrets: [],
  source,
  check: (given) => checkInputs(rules, given),
  // Versions are numbered, so an old and a new one never clash.
  diff: (old, next) => ({ ...diffProperties(differ, old, next), deleteBeforeReplace: false }),

  predict: (_inputs, _place, old) => ({
    dependencyId: old?.dependencyId ?? UNKNOWN,
    versionId: old?.versionId ?? UNKNOWN,
    version: old?.version ?? UNKNOWN,
  }),

  async create(context, inputs) {
    const { dependencies } = context.client;
    const newest = await dependencies.newest(inputs.name);
    // An interrupted run leaves a version that is the same in everything.
    if (newest !== undefined && isSame(newest, inputs)) {
      const thing = { kind: "dependency", name: newest.id } as const;
      if (await mayTakeOver(context, thing, true)) return live(newest, inputs.codeArchive);
    }
    const archive = await context.readArchive(inputs.codeArchive);
    return live(await dependencies.publish(specOf(inputs), archive), inputs.codeArchive);
  },

  async read(context, id, known) {
    const [dependencyId, version] = placeOf(id);
    const found = await unlessMissing(context.client.dependencies.get(dependencyId, version));
    return found && live(found, known.codeArchive ?? "");
  },

  update: (_context, _id, old) => Promise.resolve(old),

  async delete(context, id) {
    await unlessMissing(context.client.dependencies.delete(...placeOf(id)));
  },
};

function specOf({ name, runtime, description }: DependencyInputs): DependencySpec {
  return { name, runtime, description };
}

function isSame(
  { spec, etag }: PublishedDependency,
  { runtime, description, codeEtag }: DependencyInputs,
): boolean {
  return etag === codeEtag && spec.runtime === runtime && spec.description === description;
}

function live(found: PublishedDependency, codeArchive: string): Live<DependencyState> {
  const { dependencyId, id: versionId, version, spec, etag, size } = found;
  const code = { codeEtag: etag, codeSize: size, codeArchive };
  return { id: `${dependencyId}/${version}`, state: { ...spec, ...code, dependencyId, versionId, version } };
}

function placeOf(id: string): [dependencyId: string, version: number] {
  const [dependencyId = "", version = ""] = id.split("/");
  return [dependencyId, Number(version)];
}
