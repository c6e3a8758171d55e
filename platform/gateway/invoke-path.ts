/** What the path of an invocation call says. */
export interface InvokePath {
  readonly projectId: string;
  readonly urn: string;
  readonly asynchronous: boolean;
}

// Old clients call reserved instances by a path of its own; those come first for any request.
const PATTERN =
  /^\/v2\/([^/]+)\/fgs\/functions\/([^/]+)\/(invocations|invocations-async|reserved-invocations)\/?$/;
const KEPT = 4096;

const known = new Map<string, InvokePath>();

/** Reads the path of one of the three invocation calls, with any query; undefined for any other URL. */
export function parseInvokePath(url: string): InvokePath | undefined {
  const before = known.get(url);
  if (before !== undefined) return before;
  const mark = url.indexOf("?");
  const match = PATTERN.exec(mark === -1 ? url : url.slice(0, mark));
  if (match === null) return undefined;
  const [, projectId = "", urn = "", kind] = match;
  try {
    const found = {
      projectId: decodeURIComponent(projectId),
      urn: decodeURIComponent(urn),
      asynchronous: kind !== "invocations",
    };
    if (known.size >= KEPT) known.clear();
    known.set(url, found);
    return found;
  } catch {
    return undefined;
  }
}
