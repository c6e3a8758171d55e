import { isDeepStrictEqual } from "node:util";
import type { Change, Diff, Properties } from "./resource.ts";

/** How the properties of one kind of resource are compared. */
export interface DiffRules {
  /** All inputs. */
  readonly inputs: readonly string[];
  /** Inputs that cannot change on a living resource. */
  readonly replace: readonly string[];
  /** Inputs that say the same as another one and are not told twice. */
  readonly silent?: readonly string[];
  /** Inputs that tell this one from all others on the platform; a replacement that keeps them comes after the deletion. */
  readonly identity: readonly string[];
}

/** Compares two declarations property by property; maps are compared key by key, whatever their order. */
export function diffProperties(rules: DiffRules, old: Properties, next: Properties): Diff {
  const told = rules.inputs.filter((property) => !(rules.silent ?? []).includes(property));
  const changes = told
    .flatMap((property) => diffValue(rules, property, old[property], next[property]))
    .sort((a, b) => (a.property < b.property ? -1 : 1));
  const replace = changes.filter((change) => change.kind === "replace").map((change) => change.property);
  const clashes = rules.identity.every((name) => isDeepStrictEqual(old[name], next[name]));
  return { changes, replace, deleteBeforeReplace: replace.length > 0 && clashes };
}

function diffValue(rules: DiffRules, property: string, old: unknown, next: unknown): Change[] {
  if (isDeepStrictEqual(old, next)) return [];
  const kind = rules.replace.includes(property) ? "replace" : "update";
  if (!isMap(old) || !isMap(next)) return [{ property, kind }];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((key) => !isDeepStrictEqual(old[key], next[key]))
    .map((key) => ({ property: `${property}.${key}`, kind }));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
