// An import of node:http evaluates every export of it, a second HTTP client among them: 35 ms of each start.
const { STATUS_CODES } = process.getBuiltinModule("node:http");

let second = 0;
let seconds: number | undefined = undefined;
let common = "";

/** Headers that every reply has, made once a second. */
function commonHeaders(keepAliveSeconds: number | undefined): string {
  const today = Math.floor(Date.now() / 1000);
  if (today !== second || keepAliveSeconds !== seconds) {
    second = today;
    seconds = keepAliveSeconds;
    const stays = `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSeconds}\r\n`;
    const connection = keepAliveSeconds === undefined ? "Connection: close\r\n" : stays;
    common = `Date: ${new Date(today * 1000).toUTCString()}\r\n${connection}`;
  }
  return common;
}

/** What the head of a reply says besides the function's own headers. */
export interface ReplyFacts {
  readonly status: number;
  /** Bytes of the body; undefined for a reply that has none. */
  readonly length: number | undefined;
  /** Seconds that the connection stays open without a request; undefined when it closes. */
  readonly keepAliveSeconds: number | undefined;
}

/** Status line and headers of a reply, with the empty line at the end. `headers` are names and values in turn. */
export function renderReplyHead(headers: readonly string[], facts: ReplyFacts): string {
  const { status, length, keepAliveSeconds } = facts;
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  text += commonHeaders(keepAliveSeconds);
  return length === undefined ? `${text}\r\n` : `${text}Content-Length: ${length}\r\n\r\n`;
}
