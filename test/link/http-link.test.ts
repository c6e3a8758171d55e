import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FailureKind } from "../../model/failure.ts";
import { apigPassage } from "../../platform/link/apig-passage.ts";
import { HttpLink } from "../../platform/link/http-link.ts";
import { InstanceLog } from "../../platform/link/instance-log.ts";

interface Ended {
  readonly kind: FailureKind | undefined;
  readonly text: string;
}

/** What the server sends to whoever sends it something. */
let respond: (socket: Socket, request: string) => void;
let server: Server;
let link: HttpLink;
let connections: number;

beforeEach(async () => {
  connections = 0;
  twice = 0;
  server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined).on("data", (chunk) => respond(socket, chunk.toString("latin1")));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  link = open(1, async () => {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return socket;
  });
});

afterEach(() => {
  link.close();
  server.close();
  expect(twice).toBe(0);
});

function open(concurrency: number, connectTo: () => Promise<Socket>): HttpLink {
  const log = new InstanceLog();
  const headers = ["x-cff-memory", "128"];
  return new HttpLink({
    connect: connectTo,
    concurrency,
    headers,
    form: apigPassage,
    memoryKib: () => 7,
    log,
  });
}

/** Calls that ended more than once. */
let twice: number;

function call(event: object, deadlineMs = 10_000): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  let ended = 0;
  const end = (kind: FailureKind | undefined, payload: Buffer): void => {
    ended += 1;
    if (ended === 1) resolve({ kind, text: payload.toString() });
    else twice += 1;
  };
  link.invoke({
    requestId: "00000000-0000-4000-8000-000000000000",
    event: Buffer.from(JSON.stringify(event)),
    meta: undefined,
    deadline: performance.now() + deadlineMs,
    log: () => undefined,
    succeed: (payload) => end(undefined, payload),
    fail: end,
  });
  return promise;
}

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

describe("HTTP to an instance", () => {
  test("keeps a connection for the next request", async () => {
    respond = (socket) => void socket.write(OK);
    for (let round = 0; round < 5; round++)
      expect(JSON.parse((await call({})).text)).toMatchObject({ statusCode: 200, body: "b2s=" });
    expect(connections).toBe(1);
  });

  test("sends a safe request once more when its idle connection was closed, and nothing else", async () => {
    const seen: string[] = [];
    respond = (socket, request) => {
      seen.push(request.slice(0, 4));
      if (seen.length === 1 || connections > 1) return void socket.write(OK);
      return socket.destroy();
    };
    await call({});
    expect((await call({})).kind).toBeUndefined();
    expect(seen).toEqual(["GET ", "GET ", "GET "]);
    connections = 1;
    seen.length = 1;
    expect((await call({ httpMethod: "POST", body: "x" })).kind).toBe("code");
    expect(seen).toEqual(["GET ", "POST"]);
  });

  test("tells of a deadline once, and of the end of everything with its reason", async () => {
    respond = () => undefined;
    let hung = 0;
    link.onTimeout = () => (hung += 1);
    expect((await call({}, 10)).kind).toBe("timeout");
    expect(hung).toBe(1);
    const waiting = [call({}), call({})];
    expect(link.inFlight).toBe(2);
    link.close("memory", "runtime memory limit exceeded");
    expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(["memory", "memory"]);
    expect(link.inFlight).toBe(0);
    expect((await call({})).kind).toBe("system");
  });

  test.each(["ECONNREFUSED", "ENOENT"])(
    "waits for the instance's end, which says more, when its way in is gone: %s",
    async (code) => {
      link.close();
      link = open(1, () => Promise.reject(Object.assign(new Error("no way in"), { code })));
      const waiting = [call({}), call({})];
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(link.inFlight).toBe(2);
      link.close("crash", "the instance exited");
      expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(["crash", "crash"]);
    },
  );

  test("blames the server when the way in is gone and the instance lives on", async () => {
    link.close();
    link = open(1, () =>
      Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" })),
    );
    const { kind, text } = await call({});
    expect(kind).toBe("code");
    expect(text).toContain("the function's server takes no connections");
  });

  test(
    "whatever the server sends, every call ends once and nothing else happens",
    { timeout: 60_000 },
    async () => {
      const pieces = fc.constantFrom(
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.0 200\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Hints\r\n\r\n",
        "HTTP/1.1 204 No\r\n",
        "HTTP/1.1 304 Not\r\n",
        "HTTP/1.1 101 Switch\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n",
        "HTTP/9.9 999 ?\r\n",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Connection: close\r\n",
        "Keep-Alive: timeout=1\r\n",
        "Keep-Alive: timeout=x\r\n",
        "Trailer: X\r\n",
        ": \r\n",
        "X\r\n",
        "X: \u0000\r\n",
        "X: y\r\n z\r\n",
        "\r\n",
        "\n",
        "\r",
        "5\r\nhello\r\n",
        "0\r\n\r\n",
        "0\r\nX: y\r\n\r\n",
        "ffffffffffffffff\r\n",
        "hello",
        "\u0000\u00ff",
        OK,
      );
      const sends = fc.array(pieces, { minLength: 1, maxLength: 8 });
      const property = fc.asyncProperty(
        sends,
        fc.boolean(),
        fc.constantFrom("GET", "HEAD", "POST"),
        async (sent, whole, method) => {
          respond = (socket) => {
            for (const piece of whole ? [sent.join("")] : sent) socket.write(piece, "latin1");
            setTimeout(() => socket.destroy(), 5);
          };
          const { kind } = await call(
            { httpMethod: method, ...(method === "POST" ? { body: "x" } : {}) },
            400,
          );
          expect([undefined, "code", "timeout", "too-large"]).toContain(kind);
        },
      );
      await fc.assert(property, { numRuns: 150 });
      expect(link.inFlight).toBe(0);
      respond = (socket) => void socket.write(OK);
      expect((await call({})).kind).toBeUndefined();
    },
  );
});
