import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, eventually, exchange } from "../gateway/caller.ts";
import type { Stack } from "../gateway/stack.ts";
import { canIsolate, deploySite, SERVER, startSite, type Seen } from "./site.ts";

const HEADERS = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
};

describe.skipIf(!canIsolate)("a WebSocket to an HTTP function", () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startSite();
    await deploySite(stack, "web", SERVER, { concurrency: 8 });
    await deploySite(stack, "brief", SERVER, { concurrency: 8, timeoutSeconds: 3 });
    const { key } = await stack.deploy(
      { "index.js": "exports.handler = async (event, context) => 1;" },
      { name: "event" },
    );
    stack.route(key, { path: "/event" });
  }, 30_000);

  afterAll(() => stack[Symbol.asyncDispose]());

  const sockets = async (name = "web"): Promise<number> =>
    (JSON.parse((await ask(`${stack.origin}/${name}/seen`)).body) as Seen).sockets;

  async function open(path: string): Promise<[IncomingMessage, Socket]> {
    const sent = request(stack.origin + path, { headers: HEADERS }).end();
    const [response, socket] = (await once(sent, "upgrade")) as [IncomingMessage, Socket];
    // "close" follows, and is what is waited for.
    socket.on("error", () => undefined);
    return [response, socket];
  }

  test("is joined with the server: both talk, and the end of one is the end of the other", async () => {
    const [response, socket] = await open("/web/chat");
    expect(response.headers).toMatchObject({ upgrade: "websocket", "sec-websocket-protocol": "chat" });
    expect(response.headers["sec-websocket-accept"]).toBeTypeOf("string");
    for (const word of ["one", "two"]) {
      socket.write(word);
      expect(String((await once(socket, "data"))[0])).toBe(word);
    }
    const large = Buffer.alloc(3 * 1024 * 1024, randomBytes(999).toString("hex"));
    let got = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => (got = Buffer.concat([got, chunk])));
    socket.write(large);
    await eventually(() => got.length === large.length);
    expect(got.equals(large)).toBe(true);
    socket.write("bye");
    await once(socket, "close");
    expect(got.toString("latin1").endsWith("farewell")).toBe(true);
    await eventually(async () => (await sockets()) === 0);
  });

  test("a caller who vanishes ends the server's side", async () => {
    const [, socket] = await open("/web/chat");
    expect(await sockets()).toBe(1);
    socket.destroy();
    await eventually(async () => (await sockets()) === 0);
  });

  test("what comes right behind the handshake is not lost", async () => {
    const head = Object.entries(HEADERS)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join("");
    const got = await exchange(
      stack.port,
      `GET /web/chat HTTP/1.1\r\nHost: x\r\n${head}\r\nearly bird`,
      /early bird/,
    );
    expect(got).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nearly bird$/);
  });

  test("a server may refuse the handshake; an event function is just called", async () => {
    expect(await ask(`${stack.origin}/web/refuse`, { headers: HEADERS })).toMatchObject({
      status: 403,
      body: "no",
    });
    expect((await ask(`${stack.origin}/event`, { headers: HEADERS })).status).toBe(500);
    expect((await ask(`${stack.origin}/nowhere`, { headers: HEADERS })).status).toBe(404);
    expect((await ask(`${stack.origin}/v2/x`, { headers: HEADERS })).status).toBe(400);
  });

  test("ends with the function's timeout, without its instance", async () => {
    const before = (await ask(`${stack.origin}/brief/echo`)).status;
    const ids = stack.scheduler.instances().map(({ id }) => id);
    const [, socket] = await open("/brief/chat");
    await once(socket, "close");
    expect([before, (await ask(`${stack.origin}/brief/echo`)).status]).toEqual([200, 200]);
    expect(stack.scheduler.instances().map(({ id }) => id)).toEqual(ids);
  });

  test("does not keep the gateway from closing", async () => {
    const own = await startSite();
    await deploySite(own, "web", SERVER, { concurrency: 8 });
    const sent = request(`${own.origin}/web/chat`, { headers: HEADERS }).end();
    const [, socket] = (await once(sent, "upgrade")) as [IncomingMessage, Socket];
    socket.on("error", () => undefined);
    const closed = once(socket, "close");
    await own[Symbol.asyncDispose]();
    await closed;
  });
});
