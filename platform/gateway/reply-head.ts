import { STATUS_CODES } from "node:http";

let second = 0;
let date = "";

/** The Date header's value, made once a second. */
function now(): string {
  const today = Math.floor(Date.now() / 1000);
  if (today !== second) {
    second = today;
    date = new Date(today * 1000).toUTCString();
  }
  return date;
}

/** What the connection does after the reply. */
export interface Staying {
  /** Seconds that it stays open without a request; undefined when it closes. */
  readonly seconds: number | undefined;
}

/** Status line and headers of a reply, with the empty line at the end. Without `length` the reply has no body. */
export function renderReplyHead(
  status: number,
  headers: readonly string[],
  length: number | undefined,
  { seconds }: Staying,
): string {
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  text += `Date: ${now()}\r\n`;
  text +=
    seconds === undefined
      ? "Connection: close\r\n"
      : `Connection: keep-alive\r\nKeep-Alive: timeout=${seconds}\r\n`;
  return length === undefined ? `${text}\r\n` : `${text}Content-Length: ${length}\r\n\r\n`;
}
