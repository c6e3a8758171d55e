import type { Fault } from "../fault.ts";

type Variables = Readonly<Record<string, string>>;

/** Environment variables are a JSON text inside the JSON body; none are an empty text. */
export function writeVariables(variables: Variables): string {
  return Object.keys(variables).length === 0 ? "" : JSON.stringify(variables);
}

/** The same variables with blank values, as encrypted ones are shown. */
export function maskedVariables(variables: Variables): Variables {
  return Object.fromEntries(Object.keys(variables).map((key) => [key, ""]));
}

/**
 * Reads the JSON text of a field. Left out: `current`; an empty text: none.
 * With `masked`, a blank value of a variable that exists keeps what it had. Values are never part of a fault.
 */
export function readVariables(
  property: string,
  text: string | null | undefined,
  current: Variables,
  masked = false,
): Variables | Fault[] {
  if (text === null || text === undefined) return current;
  if (text === "") return {};
  const given = parse(text);
  if (given === undefined)
    return [
      {
        property,
        rule: "must be a JSON text with an object whose values are texts",
        fix: 'Send "{\\"NAME\\":\\"value\\"}", for example.',
        code: "FSS.1009",
      },
    ];
  if (!masked) return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      value === "" && Object.hasOwn(current, key) ? (current[key] ?? "") : value,
    ]),
  );
}

function parse(text: string): Record<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((one) => typeof one === "string")
      ? (value as Record<string, string>)
      : undefined;
  } catch {
    return undefined;
  }
}
