import { z } from "zod";
import { isConflict } from "../client/api-error.ts";
import type { FunctionInputs } from "../model/declaration.ts";
import { checkFunction, type FunctionSpec, normalizeFunction } from "../model/function.ts";
import { formatFunctionUrn } from "../model/names.ts";
import { CodeType } from "../model/runtimes.ts";
import { LATEST } from "../model/version.ts";
import type { CodeUpload } from "../model/wire/code.ts";
import type { FunctionReply } from "../model/wire/function.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { type Context, type Live, RefusedError, type ResourceLogic } from "./resource.ts";
import { latestUrn, unqualifiedUrn } from "./urn.ts";

/** A function as it was last applied. */
export interface FunctionState extends FunctionInputs {
  readonly functionUrn: string;
  readonly functionName: string;
  readonly version: string;
}

const hook = z.strictObject({ handler: z.string(), timeoutSeconds: z.number() });
const variables = z.record(z.string(), z.string());
const DEFAULTS = normalizeFunction({ name: "f", runtime: "", handler: "" });

const rules: InputRules<FunctionInputs> = {
  schema: z.strictObject({
    name: z.string(),
    package: z.string().default(DEFAULTS.package),
    runtime: z.string(),
    handler: z.string(),
    memoryMb: z.number().default(DEFAULTS.memoryMb),
    timeoutSeconds: z.number().default(DEFAULTS.timeoutSeconds),
    description: z.string().default(DEFAULTS.description),
    environment: variables.default({}),
    encryptedEnvironment: variables.default({}),
    initializer: hook.optional(),
    preStop: hook.optional(),
    concurrency: z.number().default(DEFAULTS.concurrency),
    maxInstances: z.number().default(DEFAULTS.maxInstances),
    dynamicMemory: z.boolean().default(DEFAULTS.dynamicMemory),
    executionAgency: z.string().optional(),
    configurationAgency: z.string().optional(),
    codeType: z.enum(CodeType),
    codeSize: z.number(),
    codeDigest: z.string(),
    codeFilename: z.string(),
    codeArchive: z.string(),
  }) as unknown as z.ZodType<FunctionInputs>,
  standIns: { name: "f", package: "default", runtime: "http", handler: "bootstrap" },
  faults: (inputs) => checkFunction(specOf(inputs)),
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
    "concurrency",
    "maxInstances",
    "dynamicMemory",
    "executionAgency",
    "configurationAgency",
    "codeDigest",
    "codeType",
  ],
  replace: ["name", "package", "runtime"],
  identity: ["name", "package"],
};

const CODE = ["codeDigest", "codeType"];

/** Creates and changes functions; code and configuration are changed by separate calls, only where they differ. */
export const functionLogic: ResourceLogic<FunctionInputs, FunctionState> = {
  secrets: ["encryptedEnvironment"],
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
    const made = await context.client.functions.create(spec, code).catch((error: unknown) => {
      if (isConflict(error)) return takeOver(context, inputs, error);
      throw error;
    });
    return live(inputs, made);
  },

  async read(context, id, known) {
    const found = await unlessMissing(context.client.functions.get(id));
    return found && { id, state: stateOf(found, known) };
  },

  async update(context, id, old, next) {
    const { changes } = diffProperties(differ, { ...old }, { ...next });
    const changed = changes.map((change) => change.property);
    const { functions } = context.client;
    // Configuration first: code may count on a variable that comes with it, while old code ignores new variables.
    if (changed.some((property) => !CODE.includes(property))) await functions.updateConfig(id, specOf(next));
    if (changed.some((property) => CODE.includes(property)))
      await functions.updateCode(id, await readCode(context, next));
    return { ...next, functionUrn: old.functionUrn, functionName: old.functionName, version: old.version };
  },

  async delete(context, id) {
    await unlessMissing(context.client.functions.delete(unqualifiedUrn(id)));
  },
};

/** The same code under the same name is what an interrupted run left; anything else belongs to somebody else. */
async function takeOver(context: Context, inputs: FunctionInputs, conflict: unknown): Promise<FunctionReply> {
  const { functions } = context.client;
  const found = await unlessMissing(functions.get(`${inputs.package}:${inputs.name}`));
  if (found === undefined) throw conflict;
  if (found.code.digest === inputs.codeDigest && found.spec.runtime === inputs.runtime)
    return functions.updateConfig(found.urn, specOf(inputs));
  throw new RefusedError(
    `Function ${JSON.stringify(inputs.name)}: the platform has another function of that name already, ` +
      `with ${found.spec.runtime === inputs.runtime ? "other code" : `the runtime ${found.spec.runtime}`}. ` +
      "Choose another functionName, or delete that function first. (FSS.1061)",
  );
}

function live(inputs: FunctionInputs, made: FunctionReply): Live<FunctionState> {
  const functionUrn = latestUrn(made.urn);
  return {
    id: functionUrn,
    state: { ...inputs, functionUrn, functionName: made.spec.name, version: LATEST },
  };
}

/** What is on the platform, in the words of a declaration; values of encrypted variables are never shown, so they are the known ones. */
function stateOf(found: FunctionReply, known: FunctionState): FunctionState {
  const encrypted = Object.keys(found.spec.encryptedEnvironment).map((key) => [
    key,
    known.encryptedEnvironment[key] ?? "",
  ]);
  return {
    ...found.spec,
    encryptedEnvironment: Object.fromEntries(encrypted) as Record<string, string>,
    codeType: found.code.type,
    codeSize: found.code.size,
    codeDigest: found.code.digest,
    codeFilename: found.code.filename,
    codeArchive: known.codeArchive,
    functionUrn: latestUrn(found.urn),
    functionName: found.spec.name,
    version: LATEST,
  };
}

const CODE_INPUTS = new Set(["codeType", "codeSize", "codeDigest", "codeFilename", "codeArchive"]);

function specOf(inputs: FunctionInputs): FunctionSpec {
  const entries = Object.entries(inputs).filter(
    ([name, value]) => !CODE_INPUTS.has(name) && value !== undefined,
  );
  return Object.fromEntries(entries) as unknown as FunctionSpec;
}

async function readCode(context: Context, inputs: FunctionInputs): Promise<CodeUpload> {
  const file = await context.readArchive(inputs.codeArchive);
  return { type: inputs.codeType as CodeType, file, filename: inputs.codeFilename };
}
