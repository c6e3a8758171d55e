import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

interface NameRule {
  readonly pattern: RegExp;
  readonly length: number;
  readonly rule: string;
  readonly code: string;
}

const LETTER_FIRST = /^[A-Za-z]([\w-]*[A-Za-z0-9])?$/;
const LETTER_FIRST_RULE =
  "must start with a letter, end with a letter or digit, and have letters, digits, _ and - only";
const DOTTED = /^[A-Za-z0-9]([\w.-]*[A-Za-z0-9])?$/;
const DOTTED_RULE = "must start and end with a letter or digit, and have letters, digits, _, - and . only";

const NAME_RULES = {
  /** Guide 3.2.2.1. */
  function: {
    pattern: LETTER_FIRST,
    length: LIMITS.functionNameLength,
    rule: LETTER_FIRST_RULE,
    code: "FSS.1002",
  },
  package: {
    pattern: LETTER_FIRST,
    length: LIMITS.functionNameLength,
    rule: LETTER_FIRST_RULE,
    code: "FSS.1004",
  },
  version: { pattern: DOTTED, length: LIMITS.versionNameLength, rule: DOTTED_RULE, code: "FSS.1015" },
  /** The guide's own example is the alias `1.0` (3.10), so digits may come first. */
  alias: { pattern: DOTTED, length: LIMITS.aliasNameLength, rule: DOTTED_RULE, code: "FSS.1014" },
  /** Guide 3.4, table 3-22. */
  testEvent: {
    pattern: LETTER_FIRST,
    length: LIMITS.testEventNameLength,
    rule: LETTER_FIRST_RULE,
    code: "FSS.1074",
  },
  dependency: {
    pattern: DOTTED,
    length: LIMITS.dependencyNameLength,
    rule: DOTTED_RULE,
    code: "FSS.1024",
  },
  /** VPCs, subnets, NAT gateways and file systems, which the cloud leaves to other services. */
  network: {
    pattern: LETTER_FIRST,
    length: LIMITS.functionNameLength,
    rule: LETTER_FIRST_RULE,
    code: "FSS.0400",
  },
  /** Not stated by the guide; as functions, so that names fit into events and logs. */
  trigger: {
    pattern: LETTER_FIRST,
    length: LIMITS.triggerNameLength,
    rule: LETTER_FIRST_RULE,
    code: "FSS.1109",
  },
} as const satisfies Record<string, NameRule>;

/** A fault when `name` breaks the rule of its kind; `property` is where the name stands. */
export function checkName(kind: keyof typeof NAME_RULES, name: string, property = "name"): Fault[] {
  const rule: NameRule = NAME_RULES[kind];
  const given = { property, value: name, code: rule.code };
  if (name.length > rule.length)
    return [
      {
        ...given,
        rule: `has ${name.length} characters, at most ${rule.length} are allowed`,
        fix: `Write "${suggestName(name, rule.length)}", for example.`,
      },
    ];
  if (rule.pattern.test(name)) return [];
  return [{ ...given, rule: rule.rule, fix: `Write "${suggestName(name, rule.length)}", for example.` }];
}

/** The nearest name that fits every rule. */
function suggestName(name: string, length: number): string {
  const cleaned = name
    .replaceAll(/[^\w-]+/g, "-")
    .replace(/^[^A-Za-z]+/, "")
    .slice(0, length)
    .replace(/[^A-Za-z0-9]+$/, "");
  return cleaned === "" ? "demo" : cleaned;
}
