import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import { checkName } from "./name-rules.ts";

/** A saved event that a function is tried with (guide 3.4). */
export interface TestEventSpec {
  readonly name: string;
  /** Base64 of the JSON event text, as the API carries it. */
  readonly content: string;
}

/** All faults of a test event. */
export function checkTestEvent(spec: TestEventSpec): Fault[] {
  return [...checkName("testEvent", spec.name), ...checkTestEventContent(spec.content)];
}

/** Faults of a test event's content alone. */
export function checkTestEventContent(content: string): Fault[] {
  const bytes = Buffer.from(content, "base64");
  if (bytes.length > LIMITS.requestBytes)
    return [
      {
        property: "content",
        rule: `the event has ${bytes.length} bytes, a request has at most ${LIMITS.requestBytes}`,
        fix: "Make the event smaller, or let it name where the data is.",
        code: "FSS.1069",
      },
    ];
  if (isJson(bytes)) return [];
  return [
    {
      property: "content",
      value: content,
      rule: "must be the Base64 form of a JSON text",
      fix: 'Write "e30=", the Base64 form of {}, for example.',
      code: "FSS.1074",
    },
  ];
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}
