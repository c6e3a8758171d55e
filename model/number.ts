import type { Fault } from "./fault.ts";

/** What a number may be, and the code of the fault when it is not. */
interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly code: string;
  /** Unit for the sentence, for example `seconds`. */
  readonly unit?: string;
  /** What single values mean, for the sentence. */
  readonly note?: string;
}

/** A fault unless `value` is a whole number from `min` to `max`. */
export function checkWholeNumber(property: string, value: number, rule: NumberRule): Fault[] {
  if (Number.isInteger(value) && value >= rule.min && value <= rule.max) return [];
  const unit = rule.unit === undefined ? "" : ` ${rule.unit}`;
  const note = rule.note === undefined ? "" : ` (${rule.note})`;
  const nearest = Math.min(rule.max, Math.max(rule.min, Math.round(Number.isNaN(value) ? rule.min : value)));
  return [
    {
      property,
      value,
      rule: `must be a whole number from ${rule.min} to ${rule.max}${unit}${note}`,
      fix: `Use ${nearest}, for example.`,
      code: rule.code,
    },
  ];
}
