/** How Pulumi marks a special value on the wire, and how it marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Between the keys of a path: a slash, which no property name of ours has. */
const SEPARATOR = "/";

/**
 * Takes the wrappers off secret values.
 * @returns the plain values, and the paths of those that were secret
 */
export function unwrapSecrets(inputs: Record<string, unknown>): {
  plain: Record<string, unknown>;
  secrets: string[];
} {
  const secrets: string[] = [];
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(inputs)) plain[key] = unwrap(value, key, secrets);
  return { plain, secrets };
}

/** Marks the leaves of a secret value, so that the names of secret settings stay readable. */
function unwrap(value: unknown, path: string, secrets: string[], secret = false): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => unwrap(item, `${path}${SEPARATOR}${index}`, secrets, secret));
  if (typeof value !== "object" || value === null) {
    if (secret) secrets.push(path);
    return value;
  }
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE] === SECRET) return unwrap(record["value"], path, secrets, true);
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [
      key,
      unwrap(item, `${path}${SEPARATOR}${key}`, secrets, secret),
    ]),
  );
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
  if (typeof within !== "object" || within === null || first === undefined) return;
  const record = within as Record<string, unknown>;
  if (!(first in record)) return;
  if (rest.length === 0) record[first] = hide(record[first]);
  else hideAt(record[first], rest, hide);
}
