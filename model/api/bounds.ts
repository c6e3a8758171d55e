import type { Fault } from "../fault.ts";

/** Deeper values overflow the stack of whoever writes them as JSON again. */
const DEEPEST = 64;
const MOST_VALUES = 100_000;
/** Names that differ: each takes as long to read as ten values, and one that was there before no longer than any text. */
const MOST_NAMES = 10_000;

/** A value is read and walked through in a few milliseconds where its text has no more of each. */
const RULES = {
  depth: {
    rule: `must be nested at most ${DEEPEST} deep`,
    fix: "Send a flatter value, or carry the inner value as text.",
  },
  values: { rule: `must have at most ${MOST_VALUES} values`, fix: "Send less in one request." },
  names: {
    rule: `must have at most ${MOST_NAMES} different names in its objects`,
    fix: "Send less in one request, or carry the inner value as text.",
  },
} as const;

function fault(rule: keyof typeof RULES): Fault {
  return { property: "body", ...RULES[rule], code: "FSS.0400" };
}

/** Refuses a JSON value that is nested too deeply or has too many values, known fields or not. */
export function checkBounds(body: unknown): Fault | undefined {
  const left = { values: MOST_VALUES };
  if (fits(body, DEEPEST, left)) return undefined;
  return fault(left.values < 0 ? "values" : "depth");
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The same for the text of a value, and its names, before anybody reads it: what JSON.parse does with a megabyte of brackets or
 * names takes many times as long as this. Whether it is JSON is not asked.
 */
export function checkTextBounds(text: Uint8Array): Fault | undefined {
  let depth = 0;
  let values = 1;
  let start = 0;
  let end = 0;
  const names = new Set<number>();
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case QUOTE:
        start = at + 1;
        at = end = endOfText(text, start);
        break;
      case 0x2c: // a comma
        if (++values > MOST_VALUES) return fault("values");
        break;
      case 0x3a: // a colon
        if (names.add(hashOf(text, start, end)).size > MOST_NAMES) return fault("names");
        break;
      case 0x5b: // brackets and braces
      case 0x7b:
        if (++depth > DEEPEST) return fault("depth");
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return undefined;
}

/** Where a text ends that begins there: most have no escapes, and are passed over in one go. */
function endOfText(text: Uint8Array, start: number): number {
  const quote = text.indexOf(QUOTE, start);
  if (quote < 0) return text.length;
  if (text[quote - 1] !== BACKSLASH) return quote;
  for (let at = start; at < text.length; at++) {
    if (text[at] === BACKSLASH) at++;
    else if (text[at] === QUOTE) return at;
  }
  return text.length;
}

/** Nobody outside can choose names that have one hash. */
const SEED = Math.trunc(Math.random() * 2 ** 31);

/** FNV-1a of a part of a text. */
function hashOf(text: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (text[at] ?? 0), 0x01000193);
  return hash;
}
