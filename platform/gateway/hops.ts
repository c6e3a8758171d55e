import type { IncomingHttpHeaders } from "node:http";

/** Tells, on what the platform itself sends, how many notifications led to it. */
export const HOPS_HEADER = "x-fungraph-hops";

/** More says nothing more: whoever goes in a circle is stopped long before. */
const MOST = 1000;

/** The hops that a request comes with; 0 for one that nobody but its caller caused. */
export function hopsOf(headers: IncomingHttpHeaders): number {
  const text = headers[HOPS_HEADER];
  if (text === undefined) return 0;
  const hops = Number(text);
  return Number.isInteger(hops) && hops > 0 ? Math.min(hops, MOST) : 0;
}
