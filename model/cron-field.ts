/** What one field of a cron expression may hold (guide 3.5.4, table 3-28). */
interface FieldRule {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on, in lower case. */
  readonly names?: readonly string[];
  /** Whether `?` may stand for "any". */
  readonly any?: true;
}

export const FIELDS = {
  second: { name: "second", min: 0, max: 59 },
  minute: { name: "minute", min: 0, max: 59 },
  hour: { name: "hour", min: 0, max: 23 },
  day: { name: "day of month", min: 1, max: 31, any: true },
  month: {
    name: "month",
    min: 1,
    max: 12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  weekday: {
    name: "day of week",
    min: 0,
    max: 6,
    names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    any: true,
  },
} as const satisfies Record<string, FieldRule>;

/** The values a field lets through, ascending, and whether it was written as `*` or `?`. */
export interface Field {
  readonly values: readonly number[];
  readonly free: boolean;
}

/** Why a field is not one: the rule, and what to write instead. */
export interface FieldFault {
  readonly rule: string;
  readonly fix: string;
}

/** Reads one field; what is wrong with it when it breaks the grammar. */
export function parseField(text: string, rule: FieldRule): Field | FieldFault {
  if (text === "*") return { values: range(rule.min, rule.max, 1), free: true };
  if (text === "?")
    return rule.any
      ? { values: range(rule.min, rule.max, 1), free: true }
      : {
          rule: `${rule.name}: "?" may stand for the day of month and the day of week only`,
          fix: 'Write "*".',
        };
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const read = parseItem(item, rule);
    if ("rule" in read) return read;
    for (const value of read.values) values.add(value);
  }
  return { values: [...values].sort((a, b) => a - b), free: false };
}

const ITEM = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/i;

function parseItem(item: string, rule: FieldRule): { values: number[] } | FieldFault {
  const parts = ITEM.exec(item);
  const [, first = "", last, stepText] = parts ?? [];
  if (parts === null || (first === "*" && last !== undefined))
    return {
      rule: `${rule.name}: ${JSON.stringify(item)} is not a value, a range, or a step`,
      fix: `Write ${examples(rule)}.`,
    };
  const step = Number(stepText ?? 1);
  if (step === 0) return { rule: `${rule.name}: a step cannot be 0`, fix: `Write "${first}/1" or more.` };
  if (first === "*") return { values: range(rule.min, rule.max, step) };
  const from = valueOf(first, rule);
  const to = last === undefined ? undefined : valueOf(last, rule);
  for (const [given, value] of [
    [first, from],
    [last, to],
  ] as const)
    if (given !== undefined && value === undefined)
      return {
        rule: `${rule.name}: ${JSON.stringify(given)} is not one of ${rule.min}-${rule.max}${namesOf(rule)}`,
        fix: `Write ${examples(rule)}.`,
      };
  if (from === undefined) return { values: [] };
  if (to !== undefined && to < from)
    return {
      rule: `${rule.name}: the range "${first}-${last}" runs backwards`,
      fix: `Write "${spell(from, rule.max)},${spell(rule.min, to)}" for a range over the end.`,
    };
  return { values: range(from, to ?? (stepText === undefined ? from : rule.max), step) };
}

function spell(from: number, to: number): string {
  return from === to ? String(from) : `${from}-${to}`;
}

function namesOf(rule: FieldRule): string {
  return rule.names === undefined ? "" : ` or ${rule.names[0]}-${rule.names.at(-1)}`;
}

function examples(rule: FieldRule): string {
  const { min, max } = rule;
  return `"${min}", "${min}-${max}", "${min},${max}", "${min}/5" or "*", for example`;
}

function valueOf(text: string, rule: FieldRule): number | undefined {
  const named = rule.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return rule.min + named;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value < rule.min || value > rule.max ? undefined : value;
}

function range(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}
