import type { Fault } from "../../model/fault.ts";

/** Faults as `<property> <code>`, for comparisons. */
export function short(faults: readonly Fault[]): string[] {
  return faults.map(({ property, code }) => `${property} ${code}`);
}
