import { z } from "zod";
import { isConflict } from "../client/api-error.ts";
import { type AliasSpec, checkAlias } from "../model/alias.ts";
import type { AliasInputs } from "../model/declaration.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { type Context, RefusedError, type ResourceLogic } from "./resource.ts";
import { UNKNOWN } from "./unknown.ts";
import { aliasOf, ANY_URN, checkFunctionUrn, latestUrn, qualified } from "./urn.ts";

/** An alias as it was last applied. */
interface AliasState extends AliasInputs {
  readonly aliasUrn: string;
}

const GreyVersion = z
  .strictObject({
    version: z.string().describe("Name of the version; never latest."),
    weight: z.number().describe("Percent of the requests that go to it, a whole number from 0 to 100."),
  })
  .meta({ id: "GreyVersion", description: "A second version that takes a share of the requests." });

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("Function the alias belongs to."),
    name: z.string().describe("Name of the alias on the platform."),
    version: z.string().describe("Name of the version that answers, or latest."),
    description: z.string().default("").describe("What the alias is for; at most 512 characters."),
    additional: GreyVersion.optional().describe("Grey release: a second version and its share."),
  }),
  outputs: z.object({ aliasUrn: z.string().describe("URN that ends with ! and the alias's name.") }),
};

const rules: InputRules<AliasInputs> = {
  schema: schema.inputs as unknown as z.ZodType<AliasInputs>,
  standIns: { functionUrn: ANY_URN, name: "alias", version: "main" },
  leansOn: { additional: ["version"] },
  faults: (inputs) => [...checkFunctionUrn(inputs.functionUrn), ...checkAlias(specOf(inputs))],
};

const differ: DiffRules = {
  inputs: ["functionUrn", "name", "version", "description", "additional"],
  replace: ["functionUrn", "name"],
  identity: ["functionUrn", "name"],
};

/** Creates aliases and moves them from version to version. */
export const aliasLogic: ResourceLogic<AliasInputs, AliasState> = {
  about: "A stable name for one version of a function, or for two with a weight.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),

  predict: (inputs) => ({ aliasUrn: inputs.functionUrn === UNKNOWN ? UNKNOWN : urnOf(inputs) }),

  async create(context, inputs) {
    const { aliases } = context.client;
    const urn = latestUrn(inputs.functionUrn);
    try {
      await aliases.create(urn, specOf(inputs));
    } catch (error) {
      if (!isConflict(error)) throw error;
      await takeOver(context, inputs);
    }
    return { id: urnOf(inputs), state: { ...inputs, aliasUrn: urnOf(inputs) } };
  },

  async read(context, id, known) {
    const { functionUrn, name } = aliasOf(id);
    const found = await unlessMissing(context.client.aliases.get(functionUrn, name));
    const urn = known.functionUrn ?? functionUrn;
    return found && { id, state: { functionUrn: urn, ...found.spec, aliasUrn: id } };
  },

  async update(context, id, _old, next) {
    const { aliases } = context.client;
    const urn = latestUrn(next.functionUrn);
    const moved = await unlessMissing(aliases.update(urn, specOf(next)));
    // Deleting a version deletes the aliases that name it; then the alias comes back with its new version.
    if (moved === undefined) await aliases.create(urn, specOf(next));
    return { ...next, aliasUrn: id };
  },

  async delete(context, _id, state) {
    await unlessMissing(context.client.aliases.delete(latestUrn(state.functionUrn), state.name));
  },
};

/** Goes on with what an interrupted run has made, and brings it to what is declared by now. */
async function takeOver(context: Context, inputs: AliasInputs): Promise<void> {
  const { aliases } = context.client;
  const { name } = inputs;
  const target = latestUrn(inputs.functionUrn);
  const found = await aliases.get(target, name);
  const same = isSame(found.spec, specOf(inputs));
  if (!(await mayTakeOver(context, { kind: "alias", target, name }, same))) throw taken(inputs, same);
  if (!same) await aliases.update(target, specOf(inputs));
}

function specOf({ name, version, description, additional }: AliasInputs): AliasSpec {
  return { name, version, description, ...(additional && { additional }) };
}

function urnOf(inputs: AliasInputs): string {
  return qualified(inputs.functionUrn, { alias: inputs.name });
}

function isSame(found: AliasSpec, wanted: AliasSpec): boolean {
  return diffProperties(differ, { ...found }, { ...wanted }).changes.length === 0;
}

function taken(inputs: AliasInputs, same: boolean): RefusedError {
  return new RefusedError(
    `Alias ${JSON.stringify(inputs.name)}: the function has an alias of that name already, which ${same ? "another declaration made" : "points elsewhere"}. ` +
      `Choose another aliasName, delete that alias first, or take it over: \`pulumi import fungraph:index:Alias NAME ${urnOf(inputs)}\`. (FSS.1063)`,
  );
}
