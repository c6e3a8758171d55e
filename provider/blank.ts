import { z } from "zod";
import type { Properties, ResourceLogic } from "./resource.ts";

/**
 * The same logic, to which an optional input that is blank is one that was left out: the platform does not tell the two
 * apart, and would be found to differ from the declaration for ever.
 */
export function ignoringBlanks(logic: ResourceLogic): ResourceLogic {
  let optional: readonly string[] | undefined;
  const without = (values: Properties): Properties => {
    optional ??= optionalIn(logic.schema.inputs);
    const blank = optional.filter((name) => isBlank(values[name]));
    if (blank.length === 0) return values;
    return Object.fromEntries(Object.entries(values).filter(([name]) => !blank.includes(name)));
  };
  return { ...logic, diff: (old, next) => logic.diff(without(old), without(next)) };
}

function optionalIn(inputs: z.ZodObject): string[] {
  const entries = Object.entries(inputs.shape);
  return entries.filter(([, shape]) => shape instanceof z.ZodOptional).map(([name]) => name);
}

/** An empty text, list or map, null, and false where nothing is said of a default. */
function isBlank(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return value === "" || value === null || value === false;
}
