import type { ServerResponse } from "node:http";

/** A caller that takes nothing of a large reply for this long is cut off. */
const STALLED_MS = 60_000;

interface Reply {
  readonly status: number;
  /** Names and values in turn; Content-Length is added. */
  readonly headers: string[];
  readonly body: string | Buffer;
}

/** Sends a reply; does nothing when the caller is gone. No instance waits for a slow reader: its slot is free before. */
export function answerWith(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  const { status, headers, body } = reply;
  const bodiless = status === 204 || status === 304;
  if (!bodiless)
    headers.push("Content-Length", String(typeof body === "string" ? Buffer.byteLength(body) : body.length));
  response.writeHead(status, headers);
  if (bodiless) response.end();
  else response.end(body);
  if (response.writableLength > 0) response.setTimeout(STALLED_MS, cutOff);
}

function cutOff(this: ServerResponse): void {
  this.destroy();
}
