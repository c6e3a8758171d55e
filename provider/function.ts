import { z } from "zod";
import { isConflict } from "../client/api-error.ts";
import type { FunctionInputs } from "../model/declaration.ts";
import { checkFunction, type FunctionSpec, normalizeFunction } from "../model/function.ts";
import { IMAGE_USER } from "../model/image.ts";
import { formatFunctionUrn } from "../model/names.ts";
import { CodeType } from "../model/runtimes.ts";
import { checkTagMap } from "../model/tag.ts";
import { LATEST } from "../model/version.ts";
import type { CodeUpload } from "../model/wire/code.ts";
import type { FunctionReply } from "../model/wire/function.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { claimFunction, digestOf } from "./function-claim.ts";
import { functionSource } from "./function-source.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { readTags, tagList, updateTags } from "./function-tags.ts";
import { ownerTags } from "./owner.ts";
import type { Context, Live, ResourceLogic } from "./resource.ts";
import { latestUrn, unqualifiedUrn } from "./urn.ts";

/** A function as it was last applied. */
export interface FunctionState extends FunctionInputs {
  readonly functionUrn: string;
  readonly functionName: string;
  readonly version: string;
}

const Hook = z
  .strictObject({
    handler: z.string().describe("Entry in the code, written like the function's own handler."),
    timeoutSeconds: z.number().describe("Seconds it may take."),
  })
  .meta({ id: "Hook", description: "Code that runs before an instance's first request or before its end." });
const Heartbeat = z
  .strictObject({ handler: z.string().describe("Method of the handler's class that returns a boolean.") })
  .meta({ id: "Heartbeat", description: "Code that says whether an instance is well." });
const Image = z
  .strictObject({
    reference: z.string().describe("Address: registry, repository and tag or digest."),
    command: z.array(z.string()).default([]).describe("Program to start instead of the image's own."),
    args: z.array(z.string()).default([]).describe("Arguments instead of the image's own."),
    workingDir: z.string().default("").describe("Folder to start in instead of the image's own."),
    uid: z.number().default(IMAGE_USER).describe("User that it runs as."),
    gid: z.number().default(IMAGE_USER).describe("Group that it runs as."),
  })
  .meta({ id: "Image", description: "A container image that serves HTTP on port 8000." });
const Network = z
  .strictObject({
    vpcId: z.string().describe("Id of the VPC."),
    subnetId: z.string().describe("Id of the subnet that instances take their addresses from."),
  })
  .meta({ id: "Network", description: "A place in a VPC." });
const Mount = z
  .strictObject({
    fileSystemId: z.string().describe("Id of the file system."),
    path: z.string().describe("Absolute path where the code sees it."),
  })
  .meta({ id: "Mount", description: "One file system where a function sees it." });
const FileSystems = z
  .strictObject({
    userId: z.number().default(-1).describe("User that the function is; -1 for 1003."),
    groupId: z.number().default(-1).describe("Group that the function is in; -1 for 1003."),
    mounts: z.array(Mount).describe("File systems, at most five."),
  })
  .meta({ id: "FileSystems", description: "File systems of a function, and as whom it uses them." });
const variables = z.record(z.string(), z.string());
const DEFAULTS = normalizeFunction({ name: "f", runtime: "", handler: "" });

const schema = {
  inputs: z.strictObject({
    name: z.string().describe("Name on the platform; never changes."),
    package: z.string().default(DEFAULTS.package).describe("Application (folder) the function is listed in."),
    runtime: z.string().describe("Runtime, for example Node.js20.15; never changes."),
    handler: z.string().describe("Entry in the code."),
    memoryMb: z.number().default(DEFAULTS.memoryMb).describe("Memory of one instance in MB."),
    timeoutSeconds: z
      .number()
      .default(DEFAULTS.timeoutSeconds)
      .describe("Seconds one request may take, 3-259200."),
    description: z
      .string()
      .default(DEFAULTS.description)
      .describe("What the function is for; at most 512 characters."),
    environment: variables.default({}).describe("Environment variables, shown in clear."),
    encryptedEnvironment: variables
      .default({})
      .describe("Environment variables that are kept encrypted and never shown."),
    initializer: Hook.optional().describe("Code that runs once in each instance before its first request."),
    preStop: Hook.optional().describe("Code that runs in an instance before it ends."),
    heartbeat: Heartbeat.optional().describe("Code that says whether an instance is well; Java only."),
    concurrency: z
      .number()
      .default(DEFAULTS.concurrency)
      .describe("Requests that one instance works on at the same time, 1-1000."),
    maxInstances: z
      .number()
      .default(DEFAULTS.maxInstances)
      .describe("Most instances: 1-1000, -1 for no limit, 0 to disable the function."),
    dynamicMemory: z
      .boolean()
      .default(DEFAULTS.dynamicMemory)
      .describe("Whether callers may choose the memory of a request."),
    authInHeader: z
      .boolean()
      .optional()
      .describe("Whether requests to an HTTP function carry the credentials of its agency in headers."),
    image: Image.optional().describe("Container image that is the code."),
    executionAgency: z.string().optional().describe("Agency whose temporary credentials the code gets."),
    configurationAgency: z
      .string()
      .optional()
      .describe("Agency that the platform itself uses for this function."),
    dependencies: z
      .array(z.string())
      .optional()
      .describe("Ids of the dependency versions whose files are merged with the code."),
    network: Network.optional().describe("Place in a VPC; without one it is in the network that all share."),
    fileSystems: FileSystems.optional().describe("File systems that the code sees."),
    tags: z
      .record(z.string(), z.string())
      .optional()
      .describe("Marks to find and group functions by; at most 19."),
    codeType: z.enum(CodeType).describe("Form of the archive."),
    codeSize: z.number().describe("Bytes of the archive."),
    codeDigest: z.string().describe("SHA-512 of the archive, hex."),
    codeFilename: z.string().describe("Name of the archive that users see."),
    codeArchive: z.string().describe("Where the archive lies, relative to the program's folder."),
  }),
  outputs: z.object({
    functionUrn: z.string().describe("URN that ends with :latest."),
    functionName: z.string().describe("Name on the platform."),
    version: z.string().describe("Always latest: the function as it is declared now."),
  }),
};

const rules: InputRules<FunctionInputs> = {
  schema: schema.inputs as unknown as z.ZodType<FunctionInputs>,
  standIns: {
    name: "f",
    package: "default",
    runtime: "http",
    handler: "bootstrap",
    ...functionSource.fills,
  },
  faults: (inputs) => [...checkFunction(specOf(inputs)), ...checkTagMap(inputs.tags ?? {})],
  leansOn: {
    handler: ["runtime", "image"],
    initializer: ["runtime", "image", "handler"],
    preStop: ["runtime", "image", "handler"],
    heartbeat: ["runtime", "image", "handler"],
    image: ["runtime"],
    dependencies: ["runtime", "image"],
  },
};

const differ: DiffRules = {
  inputs: [
    "name",
    "package",
    "runtime",
    "handler",
    "memoryMb",
    "timeoutSeconds",
    "description",
    "environment",
    "encryptedEnvironment",
    "initializer",
    "preStop",
    "heartbeat",
    "concurrency",
    "maxInstances",
    "dynamicMemory",
    "authInHeader",
    "image",
    "executionAgency",
    "configurationAgency",
    "dependencies",
    "network",
    "fileSystems",
    "tags",
    "codeDigest",
    "codeSize",
    "codeType",
  ],
  replace: ["name", "package", "runtime"],
  identity: ["name", "package"],
};

const CODE = ["codeDigest", "codeSize", "codeType"];

function isConfiguration(property: string): boolean {
  return !CODE.includes(property) && !isTag(property);
}

function isTag(property: string): boolean {
  return /^tags(\.|$)/.test(property);
}

/** Creates and changes functions; code and configuration are changed by separate calls, only where they differ. */
export const functionLogic: ResourceLogic<FunctionInputs, FunctionState> = {
  about: "A function: code, its runtime and its configuration.",
  schema,
  fixed: differ.replace,
  secrets: ["encryptedEnvironment"],
  source: functionSource,
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict(inputs, place) {
    const { name, package: pack } = inputs;
    const functionUrn = formatFunctionUrn({ ...place, package: pack, name, version: LATEST });
    return { functionUrn, functionName: name, version: LATEST };
  },

  async create(context, inputs) {
    const spec = specOf(inputs);
    const code = await readCode(context, inputs);
    const create = (): Promise<FunctionReply> =>
      context.client.functions.create(spec, code, [...ownerTags(context.owner), ...tagList(inputs.tags)]);
    const made = await create().catch((error: unknown) => {
      if (isConflict(error)) return takeOver(context, inputs, create);
      throw error;
    });
    return live(inputs, made);
  },

  async read(context, id, known) {
    const found = await unlessMissing(context.client.functions.get(id));
    return found && { id, state: { ...stateOf(found, known), ...(await readTags(context, id)) } };
  },

  async update(context, id, old, next) {
    const { changes } = diffProperties(differ, { ...old }, { ...next });
    const changed = changes.map((change) => change.property);
    const { functions } = context.client;
    // Configuration first: code may count on a variable that comes with it, while old code ignores new variables.
    if (changed.some(isConfiguration)) await functions.updateConfig(id, specOf(next));
    if (changed.some(isTag)) await updateTags(context, id, next.tags);
    if (changed.some((property) => CODE.includes(property))) await updateCode(context, id, next);
    return { ...next, functionUrn: old.functionUrn, functionName: old.functionName, version: old.version };
  },

  async delete(context, id) {
    await unlessMissing(context.client.functions.delete(unqualifiedUrn(id)));
  },
};

/** The platform refuses code that it has already; an interrupted run has brought it then. */
async function updateCode(context: Context, id: string, next: FunctionInputs): Promise<void> {
  const { functions } = context.client;
  try {
    await functions.updateCode(id, await readCode(context, next));
  } catch (error) {
    if (!isConflict(error) || (await functions.get(id)).code.digest !== next.codeDigest) throw error;
  }
}

/** Goes on with what an interrupted run has made; what it made of other code is nobody's yet and makes room. */
async function takeOver(
  context: Context,
  inputs: FunctionInputs,
  create: () => Promise<FunctionReply>,
): Promise<FunctionReply> {
  const claim = await claimFunction(context, inputs);
  const { functions } = context.client;
  if (claim?.kind === "same") {
    await updateTags(context, claim.found.urn, inputs.tags);
    return functions.updateConfig(claim.found.urn, specOf(inputs));
  }
  if (claim !== undefined) await unlessMissing(functions.delete(unqualifiedUrn(claim.found.urn)));
  return create();
}

function live(inputs: FunctionInputs, made: FunctionReply): Live<FunctionState> {
  const functionUrn = latestUrn(made.urn);
  return {
    id: functionUrn,
    state: { ...inputs, functionUrn, functionName: made.spec.name, version: LATEST },
  };
}

/** What is on the platform, in the words of a declaration; values of encrypted variables are never shown, so they are the known ones. */
function stateOf(found: FunctionReply, known: Partial<FunctionState>): FunctionState {
  const encrypted = Object.keys(found.spec.encryptedEnvironment).map((key) => [
    key,
    known.encryptedEnvironment?.[key] ?? "",
  ]);
  return {
    ...found.spec,
    encryptedEnvironment: Object.fromEntries(encrypted) as Record<string, string>,
    codeType: found.code.type,
    codeSize: found.code.size,
    codeDigest: digestOf(found),
    codeFilename: found.code.filename,
    codeArchive: known.codeArchive ?? "",
    functionUrn: latestUrn(found.urn),
    functionName: found.spec.name,
    version: LATEST,
  };
}

const NO_CONFIGURATION = new Set([
  "codeType",
  "codeSize",
  "codeDigest",
  "codeFilename",
  "codeArchive",
  "tags",
]);

function specOf(inputs: FunctionInputs): FunctionSpec {
  const entries = Object.entries(inputs).filter(
    ([name, value]) => !NO_CONFIGURATION.has(name) && value !== undefined,
  );
  return Object.fromEntries(entries) as unknown as FunctionSpec;
}

async function readCode(context: Context, inputs: FunctionInputs): Promise<CodeUpload> {
  if (inputs.codeType === CodeType.Image) return { type: CodeType.Image };
  const file = await context.readArchive(inputs.codeArchive);
  return { type: inputs.codeType as CodeType, file, filename: inputs.codeFilename };
}
