import type { Fault } from "../fault.ts";

/** Deeper values overflow the stack of whoever writes them as JSON again. */
const DEEPEST = 64;
const MOST_VALUES = 100_000;

/** Refuses a JSON value that is nested too deeply or has too many values, known fields or not. */
export function checkBounds(body: unknown): Fault | undefined {
  const left = { values: MOST_VALUES };
  if (!fits(body, DEEPEST, left)) {
    const many = left.values < 0;
    return {
      property: "body",
      rule: many ? `must have at most ${MOST_VALUES} values` : `must be nested at most ${DEEPEST} deep`,
      fix: many ? "Send less in one request." : "Send a flatter value, or carry the inner value as text.",
      code: "FSS.0400",
    };
  }
  return undefined;
}

function fits(value: unknown, depth: number, left: { values: number }): boolean {
  if (--left.values < 0) return false;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) {
    for (const item of value) if (!fits(item, depth - 1, left)) return false;
    return true;
  }
  for (const key in value) {
    if (!fits((value as Record<string, unknown>)[key], depth - 1, left)) return false;
  }
  return true;
}
