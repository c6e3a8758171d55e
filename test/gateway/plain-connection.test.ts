import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { BodyTaker, Exchange } from "../../platform/gateway/exchange.ts";
import { PlainConnection, type PlainServer } from "../../platform/gateway/plain-connection.ts";
import { ByteBudget } from "../../platform/gateway/byte-budget.ts";

/** Answers `/slow` when told to and everything else at once with path and body; keeps what was handed over. */
class EchoServer implements PlainServer {
  keepAliveSeconds: number | undefined = 5;
  readonly served: string[] = [];
  readonly handed: string[] = [];
  readonly connections = new Set<PlainConnection>();
  readonly slow: (() => void)[] = [];

  serve(exchange: Exchange): boolean {
    if (exchange.url === "/other") return false;
    const answer = (body: Buffer): void => {
      this.served.push(exchange.url);
      exchange.send({
        status: 200,
        headers: ["X-Path", exchange.url],
        body: `${exchange.url} ${body.toString()}`,
      });
    };
    const taker: BodyTaker = {
      body: (body) => (exchange.url === "/slow" ? this.slow.push(() => answer(body)) : answer(body)),
      refused: () => exchange.send({ status: 413, headers: [], body: "" }),
      aborted: () => undefined,
    };
    exchange.readBody(taker, 1000, new ByteBudget(10_000));
    return true;
  }

  handOver(socket: Socket): void {
    socket.on("data", (chunk: Buffer) => {
      this.handed.push(chunk.toString("latin1"));
      socket.end();
    });
  }

  left(connection: PlainConnection): void {
    this.connections.delete(connection);
  }
}

let echo: EchoServer;
let server: Server;
/** The server's ends of connections. */
let ends: Socket[] = [];
let socket: Socket;
let got = "";

beforeEach(async () => {
  echo = new EchoServer();
  ends = [];
  server = createServer({ allowHalfOpen: true }, (one) => {
    ends.push(one);
    echo.connections.add(new PlainConnection(one, echo));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  got = "";
  socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("data", (chunk: Buffer) => (got += chunk.toString("latin1")));
});

afterEach(async () => {
  socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const bodies = (): string[] => [...got.matchAll(/\r\n\r\n(\/\S+ [a-z]*)/g)].map((match) => match[1] ?? "");
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("requests are answered on one connection, with all that HTTP asks of a reply", async () => {
  socket.write(post("/a", "one"));
  await until(() => bodies().length === 1);
  socket.write(post("/b", "two"));
  await until(() => bodies().length === 2);
  expect(bodies()).toEqual(["/a one", "/b two"]);
  expect(got).toMatch(
    /^HTTP\/1\.1 200 OK\r\nX-Path: \/a\r\nDate: [^\r]+ GMT\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nContent-Length: 6\r\n\r\n/,
  );
});

test("requests sent ahead are answered in their order, one at a time", async () => {
  socket.write(post("/slow", "one") + post("/b", "two") + post("/c", "three"));
  await until(() => echo.slow.length === 1);
  socket.write(post("/d", "four"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(echo.served).toEqual([]);
  echo.slow[0]?.();
  await until(() => bodies().length === 4);
  expect(bodies()).toEqual(["/slow one", "/b two", "/c three", "/d four"]);
});

test("a request in two pieces goes to the other server whole", async () => {
  socket.write(post("/a", "one"));
  await until(() => bodies().length === 1);
  const text = post("/b", "two");
  socket.write(text.slice(0, -2));
  await until(() => echo.handed.length === 1);
  expect(echo.handed).toEqual([text.slice(0, -2)]);
  expect(echo.connections.size).toBe(0);
});

test("a request that is not for it goes to the other server untouched, also behind another", async () => {
  socket.write(post("/slow", "one") + post("/other", "two"));
  await until(() => echo.slow.length === 1);
  echo.slow[0]?.();
  await until(() => echo.handed.length === 1);
  expect(bodies()[0]).toBe("/slow one");
  expect(echo.handed).toEqual([post("/other", "two")]);
});

test("a body over the limit is refused, and the connection goes on", async () => {
  socket.write(post("/a", "x".repeat(1001)));
  await until(() => got.includes("413"));
  socket.write(post("/b", "two"));
  await until(() => got.includes("/b two"));
});

test("a closing server closes after the reply", async () => {
  socket.write(post("/slow", "one"));
  await until(() => echo.slow.length === 1);
  echo.keepAliveSeconds = undefined;
  for (const connection of echo.connections) connection.close();
  const closed = new Promise((resolve) => socket.once("close", resolve));
  echo.slow[0]?.();
  await closed;
  expect(got).toContain("Connection: close");
  await until(() => echo.connections.size === 0);
});

test("connections without a request are closed, busy ones are not", async () => {
  socket.write(post("/slow", "one"));
  await until(() => echo.slow.length === 1);
  const later = performance.now() + 1;
  for (const connection of echo.connections) connection.sweep(later, later);
  echo.slow[0]?.();
  await until(() => bodies().length === 1);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  for (const connection of echo.connections) connection.sweep(performance.now() + 1, 0);
  await closed;
});

test("a caller that sends faster than it is answered is read only a little ahead", async () => {
  const request = post("/a", "one");
  const count = 60_000;
  socket.write(request);
  await until(() => echo.served.length === 1);
  socket.write(request.repeat(count - 1));
  let ahead = 0;
  await until(() => {
    ahead = Math.max(ahead, (ends[0]?.bytesRead ?? 0) - echo.served.length * request.length);
    return echo.served.length === count;
  });
  expect(ahead).toBeLessThan(512 * 1024);
});

test("a reader that stops is cut off by the socket's clock, which every byte that leaves starts anew", async () => {
  echo.serve = (exchange) => {
    exchange.send({ status: 200, headers: [], body: Buffer.alloc(20_000_000) });
    return true;
  };
  socket.pause();
  socket.write(post("/a", ""));
  await until(() => ends[0]?.timeout === 60_000);
  socket.resume();
  await until(() => ends[0]?.timeout === 0);
  expect(ends[0]?.writableLength).toBe(0);
});

test("a connection that waits keeps its head in memory, not the body that came with it", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const { port } = server.address() as AddressInfo;
  const callers = Array.from({ length: 100 }, () => connect(port, "127.0.0.1"));
  // Twice: what an earlier test left is freed with the second.
  collect();
  await new Promise((resolve) => setTimeout(resolve, 50));
  collect();
  const before = process.memoryUsage().arrayBuffers;
  let replies = 0;
  for (const caller of callers) {
    caller.on("data", () => replies++);
    caller.write(post("/a", "x".repeat(50_000)));
  }
  try {
    await until(() => replies === callers.length);
    // Memory is given back when it is given back; what is kept never is, and the test's own time limit tells.
    await until(() => {
      collect();
      return process.memoryUsage().arrayBuffers - before < 2_000_000;
    });
  } finally {
    for (const caller of callers) caller.destroy();
  }
});

test("what comes after the goodbye is not served", async () => {
  socket.write(post("/a", "one"));
  await until(() => bodies().length === 1);
  for (const connection of echo.connections) connection.close();
  socket.write(post("/b", "two"));
  await until(() => echo.connections.size === 0);
  expect(echo.served).toEqual(["/a"]);
});

test("a caller that leaves during its request no longer counts as busy", async () => {
  socket.write(post("/slow", "one"));
  await until(() => echo.slow.length === 1);
  const [end] = ends;
  const ended = new Promise((resolve) => end?.once("end", resolve));
  socket.end();
  await ended;
  for (const connection of echo.connections) connection.sweep(performance.now() + 1, 0);
  expect(end?.destroyed).toBe(true);
});
