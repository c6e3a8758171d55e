import type { IncomingHttpHeaders } from "node:http";

/** The head of a plain request. */
export interface RequestHead {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: IncomingHttpHeaders;
  /** Bytes of the body. */
  readonly bodyLength: number;
}

const REQUEST_LINE = /^(GET|POST|PUT|DELETE|PATCH|OPTIONS) (\/[!-"$-~]*) HTTP\/1\.1$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)$/;
const LENGTH = /^(?:0|[1-9][0-9]{0,6})$/;
const MAX_HEADERS = 100;
/** Headers that change how the rest is read or answered. */
const SPECIAL = new Set([
  "__proto__",
  "expect",
  "http2-settings",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * Reads a head that is plain beyond doubt: HTTP/1.1 (RFC 9112), one method of those above, printable ASCII, every header
 * once, the length of the body as a number. Anything else, right or wrong, is undefined and for a full parser; so what
 * is read here can be read in one way only.
 *
 * @param text the head without the empty line that ends it
 */
export function readPlainHead(text: string): RequestHead | undefined {
  const lines = text.split("\r\n");
  const first = REQUEST_LINE.exec(lines[0] ?? "");
  if (first === null || lines.length > MAX_HEADERS) return undefined;
  const headers: IncomingHttpHeaders = {};
  for (let at = 1; at < lines.length; at++) {
    const field = HEADER.exec(lines[at] ?? "");
    if (field === null) return undefined;
    const name = (field[1] ?? "").toLowerCase();
    if (headers[name] !== undefined || SPECIAL.has(name)) return undefined;
    headers[name] = field[2];
  }
  const { host, connection = "keep-alive", "content-length": length = "0" } = headers;
  if (host === undefined || connection.toLowerCase() !== "keep-alive" || !LENGTH.test(length))
    return undefined;
  return { method: first[1] ?? "", url: first[2] ?? "", headers, bodyLength: Number(length) };
}
