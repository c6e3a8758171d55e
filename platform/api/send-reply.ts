import type { ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

import { JsonPieces } from "./json-pieces.ts";
import type { Reply } from "./operation.ts";

/** So much of a reply leaves in one turn of the event loop: what the kernel copies at once holds it. */
const TURN_BYTES = 256 * 1024;

/** Sends a reply as fast as its reader takes it; what he has not taken yet is not made. Resolves when all was sent or he is gone. */
export async function sendReply(
  response: ServerResponse,
  { status, body, headers = {} }: Reply,
  requestId: string,
): Promise<void> {
  if (response.destroyed) return;
  response.setHeader("X-Request-Id", requestId).setHeader("X-Cff-Request-Id", requestId);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const type = Buffer.isBuffer(body) ? "application/zip" : "application/json";
  const { pieces, bytes } = piecesOf(body);
  response.writeHead(status, { "Content-Type": type, "Content-Length": bytes });
  const next = pieces[Symbol.iterator]();
  while (!writeTurn(response, next)) {
    if (response.writableNeedDrain) await drained(response);
    await nextTurn();
    if (response.destroyed) return;
  }
}

/** Writes what one turn has room for; true when that was the end. */
function writeTurn(response: ServerResponse, pieces: Iterator<Buffer | string>): boolean {
  response.cork();
  let written = 0;
  let ended = false;
  while (written < TURN_BYTES && !ended) {
    const { value, done } = pieces.next();
    ended = done === true;
    if (done === true) continue;
    response.write(value, "latin1");
    written += value.length;
  }
  if (ended) response.end();
  response.uncork();
  return ended;
}

function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

function piecesOf(body: unknown): JsonPieces {
  if (body instanceof JsonPieces) return body;
  if (Buffer.isBuffer(body)) return new JsonPieces(slicesOf(body), body.length);
  return JsonPieces.of([Buffer.from(JSON.stringify(body))]);
}

function* slicesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += TURN_BYTES) yield bytes.subarray(at, at + TURN_BYTES);
}
