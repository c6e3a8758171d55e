import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

import { afterEach, expect, test, vi } from "vitest";

import { JsonPieces } from "../../platform/api/json-pieces.ts";
import { ok, type Reply } from "../../platform/api/operation.ts";
import { sendReply } from "../../platform/api/send-reply.ts";

const PIECE = "x".repeat(96 * 1024);
/** More than the kernel holds for a connection. */
const PIECES = 600;

let server: Server;
let sent: Promise<void>;
afterEach(() => server.close());

/** Serves one reply; answers a socket that has asked for it and reads nothing. */
async function ask(reply: Reply): Promise<Socket> {
  server = createServer((_, response) => (sent = sendReply(response, reply, "id"))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const asked = once(server, "request");
  socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await asked;
  return socket;
}

/** Counts the pieces that were made. */
class Counted {
  made = 0;

  *[Symbol.iterator](): Generator<string> {
    for (; this.made < PIECES; this.made++) yield PIECE;
  }
}

/** Resolves when no piece was made in a while. */
async function stalls(pieces: Counted): Promise<void> {
  let last = -1;
  await vi.waitFor(
    () => {
      const before = last;
      last = pieces.made;
      if (before !== last) throw new Error("still makes pieces");
    },
    { interval: 300, timeout: 20_000 },
  );
}

test("a reply is made no faster than it is read, and arrives whole", async () => {
  const pieces = new Counted();
  const socket = await ask(ok(new JsonPieces(pieces, PIECES * PIECE.length)));
  await stalls(pieces);
  expect(pieces.made).toBeGreaterThan(0);
  expect(pieces.made).toBeLessThan(PIECES / 2);
  let bytes = 0;
  for await (const chunk of socket) bytes += (chunk as Buffer).length;
  await sent;
  expect(bytes).toBeGreaterThan(PIECES * PIECE.length);
  expect(pieces.made).toBe(PIECES);
});

test("a reader who goes away ends it", async () => {
  const pieces = new Counted();
  const socket = await ask(ok(new JsonPieces(pieces, PIECES * PIECE.length)));
  await stalls(pieces);
  socket.destroy();
  await sent;
  expect(pieces.made).toBeLessThan(PIECES);
});

test("an archive arrives as it is", async () => {
  const archive = Buffer.alloc(3_000_001, "an archive");
  server = createServer((_, response) => void sendReply(response, ok(archive), "id")).listen(0, "127.0.0.1");
  await once(server, "listening");
  const reply = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(reply.headers.get("content-type")).toBe("application/zip");
  const got = Buffer.from(await reply.arrayBuffer());
  const hashes = [got, archive].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  expect(hashes[0]).toBe(hashes[1]);
});
