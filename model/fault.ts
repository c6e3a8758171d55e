/**
 * One thing that is wrong with an input: what was given, the rule, what to type instead, and the FunctionGraph code.
 * Checks return lists of faults, so that all faults of one input are told at once.
 */
export interface Fault {
  /** Path of the property, for example `trigger.schedule`. */
  readonly property: string;
  /** What was given; left out where showing it would leak a secret. */
  readonly value?: unknown;
  /** The rule that it breaks, as a sentence without a full stop. */
  readonly rule: string;
  /** What to type instead, as a sentence. */
  readonly fix: string;
  /** FunctionGraph error code, for example `FSS.1007`. */
  readonly code: string;
}

/** `memoryMb: 3 — must be one of 128, 256, … Use 128 or more. (FSS.1007)`; without a value there is no dash. */
export function formatFault(fault: Fault): string {
  return `${fault.property}: ${formatReason(fault)}`;
}

/** The same without the property, for readers who are told its name already. */
export function formatReason(fault: Fault): string {
  const given = fault.value === undefined ? "" : `${shorten(JSON.stringify(fault.value))} — `;
  return `${given}${fault.rule}. ${fault.fix} (${fault.code})`;
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
