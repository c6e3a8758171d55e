import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** A description has at most 512 characters (guide 3.3.2). */
export function checkDescription(description: string): Fault[] {
  const length = Array.from(description).length;
  if (length <= LIMITS.descriptionLength) return [];
  return [
    {
      property: "description",
      value: description,
      rule: `has ${length} characters, at most ${LIMITS.descriptionLength} are allowed`,
      fix: `Leave out ${length - LIMITS.descriptionLength} characters.`,
      code: "FSS.1019",
    },
  ];
}
