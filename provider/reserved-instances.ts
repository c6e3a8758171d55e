import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ReservedInstancesInputs } from "../model/declaration.ts";
import { LIMITS } from "../model/limits.ts";
import { checkReservedInstances, type ReservedInstancesSpec } from "../model/reserved-instances.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs, type InputRules } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { mayTakeOver } from "./owner.ts";
import { RefusedError, type ResourceLogic } from "./resource.ts";
import { ANY_URN, checkFunctionUrn, qualifierOf } from "./urn.ts";

const Policy = z
  .strictObject({
    name: z.string().describe("Name of the policy."),
    cron: z
      .string()
      .describe("Cron expression with seconds, in UTC, from each of whose times the count holds."),
    count: z.number().describe("Instances; not below the base count."),
    startTime: z.number().describe("Begin of the window, epoch seconds."),
    expiredTime: z.number().describe("End of the window, epoch seconds."),
  })
  .meta({ id: "ReservedInstancesPolicy", description: "A number of instances that holds at certain times." });

const schema = {
  inputs: z.strictObject({
    functionUrn: z.string().describe("Version or alias that instances are kept for."),
    count: z.number().describe("Instances outside every policy's window."),
    idleMode: z.boolean().default(false).describe("Whether the CPU of instances without calls is paused."),
    policies: z.array(Policy).default([]).describe("Other numbers of instances at certain times."),
  }),
  outputs: z.object({}),
};

const rules: InputRules<ReservedInstancesInputs> = {
  schema: schema.inputs,
  standIns: { functionUrn: ANY_URN, count: 0, idleMode: false, policies: [] },
  leansOn: { policies: ["count"] },
  faults: (inputs) => [
    ...checkFunctionUrn(inputs.functionUrn),
    ...checkReservedInstances(inputs, LIMITS.maxInstances.max),
  ],
};

const differ: DiffRules = {
  inputs: ["functionUrn", "count", "idleMode", "policies"],
  replace: ["functionUrn"],
  identity: ["functionUrn"],
};

const NONE: ReservedInstancesSpec = { count: 0, idleMode: false, policies: [] };

/** Keeps instances ready for a version or an alias. A version has one such setting, so its URN is the id. */
export const reservedInstancesLogic: ResourceLogic<ReservedInstancesInputs, ReservedInstancesInputs> = {
  about: "Instances that are kept ready for one version or alias.",
  schema,
  fixed: differ.replace,
  secrets: [],
  check: (given) => checkInputs(rules, given),
  diff: (old, next) => diffProperties(differ, old, next),
  predict: () => ({}),

  async create(context, inputs) {
    const { functionUrn } = inputs;
    const found = await context.client.reservedInstances.get(functionUrn);
    const thing = {
      kind: "reserved-instances",
      target: functionUrn,
      name: qualifierOf(functionUrn),
    } as const;
    const same = isDeepStrictEqual(found, specOf(inputs));
    if (found !== undefined && !(await mayTakeOver(context, thing, same))) throw taken(functionUrn);
    await context.client.reservedInstances.put(functionUrn, specOf(inputs));
    return { id: functionUrn, state: inputs };
  },

  async read(context, id) {
    const found = await unlessMissing(context.client.reservedInstances.get(id));
    return found && { id, state: { functionUrn: id, ...found } };
  },

  async update(context, id, _old, next) {
    await context.client.reservedInstances.put(id, specOf(next));
    return next;
  },

  async delete(context, id) {
    await unlessMissing(context.client.reservedInstances.put(id, NONE));
  },
};

function specOf({ count, idleMode, policies }: ReservedInstancesInputs): ReservedInstancesSpec {
  return { count, idleMode, policies };
}

function taken(urn: string): RefusedError {
  return new RefusedError(
    `${urn} has reserved instances already, in another number. Import them, or set them to 0 first. (FSS.0409)`,
  );
}
