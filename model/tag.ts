import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** A mark on a function, to find and group functions by; keys are unique within a function. */
export interface Tag {
  readonly key: string;
  /** May be empty. */
  readonly value: string;
}

/** The tag service of the cloud takes the same (API notes). */
const KEY_LENGTH = 128;
const VALUE_LENGTH = 255;
const TEXT = /^[\p{L}\p{N} _.:=+\-@/]*$/u;
const TEXT_RULE = "has letters, digits, spaces and _ . : = + - @ / only, and no space at its ends";
const SYSTEM = "_sys_";

/** All faults of tags, each under `tags.<position>`. */
export function checkTags(tags: readonly Tag[]): Fault[] {
  const keys = new Set<string>();
  return tags.flatMap(({ key, value }, index) => {
    const property = `tags.${index}`;
    const repeated = keys.has(key);
    keys.add(key);
    return [
      ...checkText(`${property}.key`, key, { min: 1, max: KEY_LENGTH }),
      ...checkText(`${property}.value`, value, { min: 0, max: VALUE_LENGTH }),
      ...(repeated ? [fault(`${property}.key`, key, "the key is given twice", "Give each key once.")] : []),
      ...(key.startsWith(SYSTEM)
        ? [fault(`${property}.key`, key, `${SYSTEM} begins system tags`, "Choose another key.")]
        : []),
    ];
  });
}

/** What the keys begin with of tags that declarations keep their notes in: whose a function is, which versions two of them share. */
export const OWN_TAGS = "fungraph.";

/** All faults of tags that are declared by key, each under `tags.<key>`. The owner's mark is one of those that a function may have. */
export function checkTagMap(tags: Readonly<Record<string, string>>): Fault[] {
  const entries = Object.entries(tags);
  const most = LIMITS.tagsPerFunction - 1;
  const faults = entries.flatMap(([key, value]) =>
    [...checkTags([{ key, value }]), ...checkReserved(key)].map((one) => ({
      ...one,
      property: `tags.${key}`,
    })),
  );
  if (entries.length > most)
    faults.push(fault("tags", `${entries.length} tags`, `at most ${most} are allowed`, "Leave some out."));
  return faults;
}

function checkReserved(key: string): Fault[] {
  if (!key.startsWith(OWN_TAGS)) return [];
  return [
    fault("key", key, `${OWN_TAGS} begins marks by which a function is known again`, "Choose another key."),
  ];
}

function checkText(
  property: string,
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): Fault[] {
  if (text.length < min || text.length > max) {
    return [
      fault(property, text, `has ${text.length} characters, from ${min} to ${max} are allowed`, "Change it."),
    ];
  }
  if (TEXT.test(text) && text.trim() === text) return [];
  return [fault(property, text, TEXT_RULE, "Leave other characters out.")];
}

function fault(property: string, value: string, rule: string, fix: string): Fault {
  return { property, value, rule, fix, code: "FSS.0400" };
}
