import type { z } from "zod";
import type { Fault } from "../model/fault.ts";
import { readBody } from "../model/wire/body.ts";
import type { Properties } from "./resource.ts";
import { hasUnknown } from "./unknown.ts";

/** How the inputs of one kind of resource are checked. */
export interface InputRules<Inputs> {
  readonly schema: z.ZodType<Inputs>;
  /** Valid values that stand in for inputs that are not known yet. */
  readonly standIns: Properties | ((given: Properties) => Properties);
  readonly faults: (inputs: Inputs) => Fault[];
  /** Inputs whose rules look at others: nothing is certain of them while one of those is unknown. */
  readonly leansOn?: Readonly<Record<string, readonly string[]>>;
}

/** Shape first, then the rules; unknown inputs are believed until they are known. */
export function checkInputs<Inputs>(
  rules: InputRules<Inputs>,
  given: Properties,
): { inputs: Inputs; faults: Fault[] } {
  const unknown = Object.keys(given).filter((property) => hasUnknown(given[property]));
  const standIns = typeof rules.standIns === "function" ? rules.standIns(given) : rules.standIns;
  const certain = { ...given, ...Object.fromEntries(unknown.map((name) => [name, standIns[name]])) };
  const read = readBody(rules.schema, certain);
  if (Array.isArray(read)) return { inputs: given as Inputs, faults: read };
  const open = Object.fromEntries(unknown.map((name) => [name, given[name]]));
  const faults = rules.faults(read);
  if (unknown.length === 0) return { inputs: read, faults };
  return {
    inputs: { ...read, ...open },
    faults: faults.filter((fault) => isCertain(fault, rules.leansOn ?? {}, open)),
  };
}

/** Whether a fault is there whatever the unknown inputs turn out to be; one of several inputs is told as `one, other`. */
function isCertain(
  { property }: Fault,
  leansOn: Readonly<Record<string, readonly string[]>>,
  open: Properties,
): boolean {
  const inputs = property.split(", ").map((path) => /^\w+/.exec(path)?.[0] ?? "");
  return inputs.flatMap((name) => [name, ...(leansOn[name] ?? [])]).every((name) => !(name in open));
}
