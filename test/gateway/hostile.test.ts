import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, codeOf, eventually, exchange, type Answer } from "./caller.ts";
import { startStack, type Stack } from "./stack.ts";

const CODE = `exports.handler = async (event, context) => ({
  statusCode: 200, headers: {}, body: String(event.body.length), isBase64Encoded: false,
});
exports.large = async (event, context) => ({
  statusCode: 200, headers: {}, body: "x".repeat(5 * 1024 * 1024), isBase64Encoded: false,
});`;

let stack: Stack;

beforeEach(async () => {
  stack = await startStack({
    limits: { headerSeconds: 1, requestSeconds: 2, bodyBytes: 3 * 1024 * 1024 },
  });
  const { key } = await stack.deploy({ "index.js": CODE }, { maxInstances: 1 });
  stack.route(key, { path: "/" });
  const large = await stack.deploy(
    { "index.js": CODE },
    { name: "large", handler: "index.large", maxInstances: 1 },
  );
  stack.route(large.key, { path: "/large" });
});

afterEach(async () => {
  expect(stack.problems).toEqual([]);
  await stack[Symbol.asyncDispose]();
});

test("slow callers hold no instance and are cut off", async () => {
  const head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
  const slow = Array.from({ length: 20 }, () => exchange(stack.port, `${head}half`));
  const trickle = exchange(stack.port, "GET / HTTP/1.1\r\nHos");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect((await ask(`${stack.origin}/`, { method: "POST", body: "x" })).body).toBe("4");
  for (const text of await Promise.all([...slow, trickle])) expect(text).toMatch(/^HTTP\/1.1 408/);
});

test("a chunked body over the limit is refused while it comes", async () => {
  const socket = connect(stack.port, "127.0.0.1");
  const got = { text: "" };
  socket.on("data", (chunk) => (got.text += chunk.toString()));
  socket.on("error", () => undefined);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const piece = Buffer.alloc(64 * 1024, "a");
  for (let sent = 0; sent < 8 * 1024 * 1024 && got.text === ""; sent += piece.length) {
    socket.write(`${piece.length.toString(16)}\r\n`);
    socket.write(piece);
    socket.write("\r\n");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await eventually(() => got.text.includes("\r\n\r\n"));
  // 3 MB of memory for bodies end before the 6 MB of one request.
  expect(got.text).toMatch(/^HTTP\/1.1 503/);
  socket.destroy();
  expect((await ask(`${stack.origin}/`, { method: "POST", body: "x" })).status).toBe(200);
});

test("an announced length over the limit is refused before it comes", async () => {
  const text = await exchange(
    stack.port,
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 7000000\r\n\r\n",
    /FSS.1201/,
  );
  expect(text).toMatch(/^HTTP\/1.1 413/);
});

test("bodies that callers abandon give their memory back", async () => {
  for (let round = 0; round < 8; round++) {
    const socket = connect(stack.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n");
    await new Promise((resolve) => socket.write(Buffer.alloc(1024 * 1024), resolve));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.destroy();
  }
  const body = Buffer.alloc(2 * 1024 * 1024);
  let answer: Answer | undefined;
  await eventually(async () => {
    answer = await ask(`${stack.origin}/`, { method: "POST", body });
    return answer.status !== 503;
  });
  expect(answer?.status).toBe(200);
});

test("a caller who reads nothing does not hold the instance", async () => {
  const socket = connect(stack.port, "127.0.0.1");
  socket.pause();
  socket.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const answer = await ask(`${stack.origin}/large`);
  expect(answer.bytes.length).toBe(5 * 1024 * 1024);
  expect(stack.scheduler.instances().filter((one) => one.target.includes(":")).length).toBe(1);
  socket.destroy();
});

test("a caller who leaves while the function runs harms nobody", async () => {
  for (let round = 0; round < 5; round++) {
    const socket = connect(stack.port, "127.0.0.1");
    socket.write("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
  }
  expect((await ask(`${stack.origin}/large`)).status).toBe(200);
});

test("what is no HTTP is answered 400 and closed", async () => {
  expect(await exchange(stack.port, "\x16\x03\x01 hello\r\n\r\n")).toMatch(/^HTTP\/1.1 400/);
  expect(await exchange(stack.port, `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(40_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1.1 431/,
  );
});

test("odd paths, queries and headers do not break the event", async () => {
  const odd = "/%ff%00?%zz&a=%&=b&__proto__=1&constructor=2";
  const answer = await ask(`${stack.origin}${odd}`);
  expect([answer.status, codeOf(answer)]).toEqual([404, "FSS.1138"]);
  const text = await exchange(
    stack.port,
    "GET /?%zz&__proto__=1 HTTP/1.1\r\nHost: a\r\n__proto__: x\r\nX-Latin: \xe9\r\nConnection: close\r\n\r\n",
  );
  expect(text).toMatch(/^HTTP\/1.1 200/);
});
