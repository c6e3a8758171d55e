import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ByteBudget } from "../../platform/gateway/byte-budget.ts";
import type { Exchange } from "../../platform/gateway/exchange.ts";
import { Front } from "../../platform/gateway/front.ts";

/*
 * Requests that two readers take differently are how one caller's bytes become another's request. So whatever bytes come,
 * in whatever pieces, the gateway must see the very requests that Node's own server sees.
 */

/** What a server took for a request; the body is undefined until all of it has come. */
interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly host: string | undefined;
  body: string | undefined;
}

/** Nothing more comes from a server that is silent for so long. */
const SILENT_MS = 300;
const LIMIT = 64 * 1024;

/** Requests of the connection that is tried, in the order in which they began. */
let seen: Seen[] = [];
let gatewayPort = 0;
let nodePort = 0;

function note({
  method,
  url,
  headers,
}: Pick<Exchange, "headers"> & Pick<IncomingMessage, "method" | "url">): Seen {
  const one = { method, url, host: headers.host, body: undefined };
  seen.push(one);
  return one;
}

const front = new Front({
  serve: serveExchange,
  controlPlane: serveNode,
  connections: 1000,
  headerSeconds: 20,
  requestSeconds: 20,
});

/** Every other path is one of the control plane, so that connections change hands in the middle. */
function serveExchange(exchange: Exchange): boolean {
  if (exchange.url.startsWith("/control")) return false;
  const one = note(exchange);
  exchange.readBody(
    {
      body: (body) => {
        one.body = body.toString("latin1");
        exchange.release();
        exchange.send({ status: 200, headers: [], body: "ok" });
      },
      refused: () => exchange.send({ status: 413, headers: [], body: "" }),
      aborted: () => undefined,
    },
    LIMIT,
    new ByteBudget(LIMIT),
  );
  return true;
}

function serveNode(request: IncomingMessage, response: ServerResponse): void {
  const one = note(request);
  let body = "";
  request.on("error", () => undefined);
  request.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
  request.on("end", () => {
    one.body = body;
    response.end("ok");
  });
}

const node = createServer(serveNode);

beforeAll(async () => {
  gatewayPort = await front.listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => node.listen(0, "127.0.0.1", resolve));
  nodePort = (node.address() as AddressInfo).port;
});

afterAll(async () => {
  node.closeAllConnections();
  await Promise.all([front.close(Promise.resolve()), new Promise((resolve) => node.close(resolve))]);
});

/** Sends pieces one after the other; answers the requests that the server saw. */
async function send(port: number, pieces: readonly string[]): Promise<Seen[]> {
  seen = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const end = (): void => {
      socket.destroy();
      resolve();
    };
    let silent = setTimeout(end, SILENT_MS);
    socket.setNoDelay();
    socket.on("data", () => {
      clearTimeout(silent);
      silent = setTimeout(end, SILENT_MS);
    });
    socket.on("end", end).on("close", () => {
      clearTimeout(silent);
      resolve();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (!["ECONNRESET", "EPIPE"].includes(error.code ?? "")) reject(error);
    });
    void write(pieces);

    async function write(rest: readonly string[]): Promise<void> {
      for (const piece of rest) {
        if (socket.destroyed || !socket.writable) return;
        socket.write(piece, "latin1");
        await new Promise((next) => setTimeout(next, 2));
      }
    }
  });
  return seen;
}

/** The last request of every stream: whoever is in step with the caller answers it and closes. */
const LAST = "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

async function expectSame(pieces: readonly string[]): Promise<void> {
  const gateway = await send(gatewayPort, pieces);
  const reference = await send(nodePort, pieces);
  expect(gateway).toEqual(reference);
}

const SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n";
const CHUNKED = `0\r\n\r\n${SMUGGLED}`;
const post = (headers: string, body: string): string =>
  `POST /first HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`;

test.each([
  ["a length and chunks", post(`Content-Length: ${CHUNKED.length}\r\nTransfer-Encoding: chunked`, CHUNKED)],
  ["chunks and a length", post(`Transfer-Encoding: chunked\r\nContent-Length: 4`, CHUNKED)],
  ["two lengths", post(`Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}`, SMUGGLED)],
  ["the same length twice", post(`Content-Length: 2\r\nContent-Length: 2`, `hi${SMUGGLED}`)],
  ["a list of lengths", post(`Content-Length: 2, 2`, `hi${SMUGGLED}`)],
  ["a signed length", post(`Content-Length: +2`, `hi${SMUGGLED}`)],
  ["a length in hexadecimal", post(`Content-Length: 0x2`, `hi${SMUGGLED}`)],
  ["a length with a zero in front", post(`Content-Length: 02`, `hi${SMUGGLED}`)],
  ["a length beyond numbers", post(`Content-Length: 99999999999999999999`, `hi${SMUGGLED}`)],
  ["a negative length", post(`Content-Length: -1`, SMUGGLED)],
  ["an empty length", post(`Content-Length: `, SMUGGLED)],
  ["a space before the colon", post(`Content-Length : 2`, `hi${SMUGGLED}`)],
  ["chunks by a name with a space", post(`Transfer-Encoding : chunked`, CHUNKED)],
  ["a coding that is none", post(`Transfer-Encoding: xchunked`, CHUNKED)],
  ["chunks behind identity", post(`Transfer-Encoding: identity, chunked`, CHUNKED)],
  ["chunks before identity", post(`Transfer-Encoding: chunked, identity`, CHUNKED)],
  ["chunks in capitals", post(`Transfer-Encoding: CHUNKED`, CHUNKED)],
  ["chunks behind a tab", post(`Transfer-Encoding:\tchunked`, CHUNKED)],
  ["chunks behind a vertical tab", post(`Transfer-Encoding: \u000bchunked`, CHUNKED)],
  ["chunks in a folded line", post(`Transfer-Encoding:\r\n chunked`, CHUNKED)],
  ["a header in a folded line", post(`X: a\r\n b\r\nContent-Length: 2`, `hi${SMUGGLED}`)],
  ["a chunk size with a sign", post(`Transfer-Encoding: chunked`, `+2\r\nhi\r\n${CHUNKED}`)],
  ["a chunk size with an extension", post(`Transfer-Encoding: chunked`, `2;a=b\r\nhi\r\n${CHUNKED}`)],
  ["a chunk that ends with a bare LF", post(`Transfer-Encoding: chunked`, `2\nhi\n0\n\n${SMUGGLED}`)],
  ["lines that end with a bare LF", `GET /first HTTP/1.1\nHost: a\n\n${SMUGGLED}`],
  [
    "one line that ends with a bare LF",
    `GET /first HTTP/1.1\r\nHost: a\nContent-Length: 2\r\n\r\nhi${SMUGGLED}`,
  ],
  ["a bare CR in a value", post(`X: a\rContent-Length: 2\r\nY: b`, SMUGGLED)],
  ["a NUL in a value", post(`X: a\u0000b`, SMUGGLED)],
  ["an empty name", post(`: chunked`, SMUGGLED)],
  ["no host", `GET /first HTTP/1.1\r\n\r\n${SMUGGLED}`],
  ["two hosts", `GET /first HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${SMUGGLED}`],
  ["an absolute path with another host", `GET http://b/first HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`],
  ["a space in the path", `GET /fi rst HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`],
  ["HTTP/1.0 that is kept", `GET /first HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n${SMUGGLED}`],
  ["HTTP/0.9", `GET /first\r\n\r\n${SMUGGLED}`],
  ["HTTP/2 by prior knowledge", `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${SMUGGLED}`],
  [
    "a GET with a body",
    `GET /first HTTP/1.1\r\nHost: a\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  ],
  ["an empty line in front", `\r\n\r\n${post("Content-Length: 2", "hi")}`],
  ["a body longer than announced", post("Content-Length: 1", `hi${SMUGGLED}`)],
  [
    "a goodbye in capitals, and more",
    `GET /first HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n${SMUGGLED}`,
  ],
  [
    "a list of connection options",
    `GET /first HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n${SMUGGLED}`,
  ],
  ["101 headers", `GET /first HTTP/1.1\r\nHost: a\r\n${"X: y\r\n".repeat(101)}\r\n${SMUGGLED}`],
  ["a head of 9 KB", `GET /first HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(9000)}\r\n\r\n${SMUGGLED}`],
  ["a head of 20 KB", `GET /first HTTP/1.1\r\nHost: a\r\nX: ${"y".repeat(20_000)}\r\n\r\n${SMUGGLED}`],
  [
    "a request of the control plane in between",
    `${post("Content-Length: 2", "hi")}GET /control HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  ],
])("%s: read as Node reads it, in one piece and in two", async (_what, text) => {
  await expectSame([text + LAST]);
  await expectSame([text.slice(0, text.length >> 1), text.slice(text.length >> 1) + LAST]);
});

const TOKENS = [
  "\r\n",
  "\r",
  "\n",
  " ",
  "\t",
  ":",
  "\u0000",
  "\u0080",
  ",",
  ";",
  "0",
  "2",
  "hi",
  "chunked",
  "close",
  "Content-Length: 2\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Host: b\r\n",
  "Connection: close\r\n",
  "GET /x HTTP/1.1\r\n",
];

const GOOD = [
  "GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
  "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "GET /control HTTP/1.1\r\nHost: a\r\n\r\n",
];

const streams = fc
  .record({
    requests: fc.array(fc.constantFrom(...GOOD), { minLength: 1, maxLength: 4 }),
    edits: fc.array(fc.record({ at: fc.nat(400), cut: fc.nat(4), token: fc.constantFrom(...TOKENS) }), {
      maxLength: 2,
    }),
    cuts: fc.array(fc.nat(400), { maxLength: 3 }),
  })
  .map(({ requests, edits, cuts }) => {
    let text = requests.join("");
    for (const { at, cut, token } of edits) {
      const from = at % text.length;
      text = text.slice(0, from) + token + text.slice(from + cut);
    }
    text += LAST;
    const places = [...new Set(cuts.map((at) => at % text.length))].sort((one, other) => one - other);
    return [0, ...places].map((from, index) => text.slice(from, places[index]));
  });

test(
  "streams of good and damaged requests in any pieces are read as Node reads them",
  { timeout: 120_000 },
  async () => {
    await fc.assert(fc.asyncProperty(streams, expectSame), { numRuns: 60 });
  },
);
