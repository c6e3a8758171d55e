import { UNKNOWN } from "./unknown.ts";

/*
 * How Pulumi's engine, its SDKs and its plugins mark values that JSON has no word for: the one place that knows.
 */

/** Key of every mark; its value tells which. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** The engine has a mark of its own for an unknown value of each type; all of them mean the same here. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Between the keys of a path: a slash, which no property name of ours has. */
const SEPARATOR = "/";

/**
 * Takes the marks off values: secrets become plain, unknown values become `UNKNOWN`, resources become their ids. Assets
 * and archives stay what they are, because no property of ours takes one and checks refuse them.
 * @returns the plain values, and the paths of the leaves that were secret, for example `environment/TOKEN`
 */
export function unwrapSecrets(inputs: Record<string, unknown>): {
  plain: Record<string, unknown>;
  secrets: string[];
} {
  const secrets: string[] = [];
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(inputs)) plain[key] = unwrap(value, key, secrets, false);
  return { plain, secrets };
}

/** Marks the leaves of a secret value, so that the names of secret settings stay readable. */
function unwrap(value: unknown, path: string, secrets: string[], secret: boolean): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => unwrap(item, `${path}${SEPARATOR}${index}`, secrets, secret));
  if (typeof value !== "object" || value === null) {
    if (secret) secrets.push(path);
    return typeof value === "string" && UNKNOWNS.has(value) ? UNKNOWN : value;
  }
  const record = value as Record<string, unknown>;
  if (MARK in record) return unwrapMark(record, path, secrets, secret);
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [
      key,
      unwrap(item, `${path}${SEPARATOR}${key}`, secrets, secret),
    ]),
  );
}

function unwrapMark(
  record: Record<string, unknown>,
  path: string,
  secrets: string[],
  secret: boolean,
): unknown {
  const { [MARK]: mark, value } = record;
  if (mark === SECRET) return unwrap(value, path, secrets, true);
  if (mark === OUTPUT) return unwrap(value ?? UNKNOWN, path, secrets, secret || record["secret"] === true);
  if (mark === RESOURCE) return unwrap(record["id"] ?? record["urn"], path, secrets, secret);
  return record;
}

/** The same values with those at the paths marked as secret; a path to nothing is no fault. */
export function wrapSecrets(
  values: Record<string, unknown>,
  secrets: readonly string[],
): Record<string, unknown> {
  return hideSecrets(values, secrets, (value) => ({ [MARK]: SECRET, value }));
}

/** The same values with every secret one replaced by a text that shows nothing of it. */
export function hideSecrets(
  values: Record<string, unknown>,
  secrets: readonly string[],
  hide: (value: unknown) => unknown = () => "(secret)",
): Record<string, unknown> {
  if (secrets.length === 0) return values;
  const copy = structuredClone(values);
  for (const path of secrets) hideAt(copy, path.split(SEPARATOR), hide);
  return copy;
}

function hideAt(within: unknown, path: readonly string[], hide: (value: unknown) => unknown): void {
  const [first, ...rest] = path;
  if (typeof within !== "object" || within === null || first === undefined || MARK in within) return;
  const record = within as Record<string, unknown>;
  if (!Object.hasOwn(record, first)) return;
  if (rest.length === 0) record[first] = hide(record[first]);
  else hideAt(record[first], rest, hide);
}
