import type { z } from "zod";
import { isConflict } from "../client/api-error.ts";
import type { Client } from "../client/client.ts";
import type { Facilities } from "../client/facilities.ts";
import type { Fault } from "../model/fault.ts";
import { diffProperties, type DiffRules } from "./diff.ts";
import { checkInputs } from "./input-check.ts";
import { unlessMissing } from "./missing.ts";
import { UNKNOWN } from "./unknown.ts";
import { mayTakeOver } from "./owner.ts";
import type { Context, Properties, ResourceLogic } from "./resource.ts";

/** What is particular to one kind of what functions are placed in. */
export interface FacilityLogic<Inputs extends { readonly name: string }> {
  readonly about: string;
  readonly schema: { readonly inputs: z.ZodObject; readonly outputs: z.ZodObject };
  readonly standIns: Properties;
  /** Inputs whose rules look at others. */
  readonly leansOn?: Readonly<Record<string, readonly string[]>>;
  readonly differ: DiffRules;
  faults(inputs: Inputs): Fault[];
  calls(client: Client): Facilities<Inputs>;
  /** Output that is its id. */
  readonly id: string;
  /** What else follows from its id, which may be UNKNOWN. */
  outputs?(inputs: Inputs, id: string): Properties;
}

/** The logic of a kind whose id the platform makes. */
export function facilityLogic<Inputs extends { readonly name: string }>(
  kind: FacilityLogic<Inputs>,
): ResourceLogic<Inputs, Inputs> {
  const { about, schema, standIns, differ, leansOn = {} } = kind;
  const rules = {
    schema: schema.inputs as unknown as z.ZodType<Inputs>,
    standIns,
    leansOn,
    faults: (inputs: Inputs) => kind.faults(inputs),
  };
  const outputs = (inputs: Inputs, id: string): Properties => ({
    [kind.id]: id,
    ...kind.outputs?.(inputs, id),
  });
  const stateOf = (inputs: Inputs, id: string): Inputs => ({ ...inputs, ...outputs(inputs, id) });
  return {
    about,
    schema,
    fixed: differ.replace,
    secrets: [],
    check: (given) => checkInputs(rules, given),
    diff: (old, next) => diffProperties(differ, old, next),
    predict: (inputs, _place, old) => outputs(inputs, knownId(old, kind.id)),

    async create(context, inputs) {
      const { id } = await kind
        .calls(context.client)
        .create(inputs)
        .catch(async (error: unknown) => {
          if (!isConflict(error)) throw error;
          return await takeOver(kind, context, inputs, error);
        });
      return { id, state: stateOf(inputs, id) };
    },

    async read({ client }, id) {
      const found = await unlessMissing(kind.calls(client).get(id));
      return found && { id, state: stateOf(found.spec, id) };
    },

    async update({ client }, id, _old, next) {
      await kind.calls(client).update(id, next);
      return stateOf(next, id);
    },

    async delete({ client }, id) {
      await unlessMissing(kind.calls(client).delete(id));
    },
  };
}

/** Brings what an interrupted run has made to what is declared by now; what cannot change makes room. */
async function takeOver<Inputs extends { readonly name: string }>(
  kind: FacilityLogic<Inputs>,
  context: Context,
  inputs: Inputs,
  refusal: unknown,
): Promise<{ readonly id: string }> {
  const calls = kind.calls(context.client);
  const named = (await calls.list()).find(({ spec }) => spec.name === inputs.name);
  if (named === undefined || !(await mayTakeOver(context, { kind: "facility", name: named.id }, false)))
    throw refusal;
  if (diffProperties(kind.differ, { ...named.spec }, { ...inputs }).replace.length > 0) {
    await unlessMissing(calls.delete(named.id));
    return calls.create(inputs);
  }
  await calls.update(named.id, inputs);
  return named;
}

function knownId(state: object | undefined, property: string): string {
  const id = (state as Properties | undefined)?.[property];
  return typeof id === "string" ? id : UNKNOWN;
}
