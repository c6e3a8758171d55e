/** Headers of one connection (RFC 9110, 7.6.1), and those by which a message is framed. */
export const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Copies headers (names and values in turn) without those that belong to the connection they came on: the standard ones and those that
 * `Connection` names.
 * @param also tells of further names, in lower case, that are left out
 */
export function passedOn(headers: readonly string[], also: (name: string) => boolean): string[] {
  const named = namedByConnection(headers);
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = [headers[at], headers[at + 1]];
    const lower = name.toLowerCase();
    if (!CONNECTION_HEADERS.has(lower) && named?.has(lower) !== true && !also(lower)) kept.push(name, value);
  }
  return kept;
}

/** Value of a header of that name (in lower case) that is there once; undefined otherwise. */
export function onlyValue(headers: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== name) continue;
    if (found !== undefined) return undefined;
    found = headers[at + 1];
  }
  return found;
}

function namedByConnection(headers: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() !== "connection") continue;
    named ??= new Set();
    for (const token of (headers[at + 1] ?? "").split(",")) named.add(token.trim().toLowerCase());
  }
  return named;
}
