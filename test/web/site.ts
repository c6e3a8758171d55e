import { ProcessDriver } from "../../platform/drivers/process/process-driver.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FunctionSpec } from "../../model/function.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import { startStack, type Stack } from "../gateway/stack.ts";

const machine = await look();
/** True where instances have a network of their own, and with it a port 8000. */
export const { canIsolate } = machine;
/** The runtimes that the machine has interpreters for. */
export const { runtimesHere } = machine;
if (!canIsolate)
  console.log("HTTP functions and custom runtimes are not tested: this machine makes no sandbox");

async function look(): Promise<{ canIsolate: boolean; runtimesHere: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "fungraph-look-"));
  const driver = await ProcessDriver.open({ runDir: join(folder, "run"), codeRoot: folder });
  const { isolation } = driver.capabilities;
  const runtimes = (await driver.runtimes()).filter(({ available }) => available);
  await driver.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    canIsolate: isolation.includes("network namespace"),
    runtimesHere: runtimes.map(({ runtime }) => runtime),
  };
}

/** As the guide's own examples: a command line, no `#!`. */
export const START_NODE =
  "/opt/function/runtime/nodejs14.18/rtsp/nodejs/bin/node $RUNTIME_CODE_ROOT/server.js\n";

/** A stack whose instances have a port 8000 of their own. */
export function startSite(options: Parameters<typeof startStack>[0] = {}): Promise<Stack> {
  return startStack({ isolation: "auto", ...options });
}

/** An HTTP function from the code of its server, with a trigger for everything below `/<name>`. */
export async function deploySite(
  stack: Stack,
  name: string,
  server: string,
  spec: Partial<FunctionSpec> = {},
): Promise<FunctionKey> {
  const files = { bootstrap: START_NODE, "server.js": server };
  const change = { runtime: "http", handler: "bootstrap", timeoutSeconds: 10, ...spec, name };
  const { key } = await stack.deploy(files, change);
  stack.route(key, { path: `/${name}`, match_mode: "SWA", func_info: { timeout: 60_000 } });
  return key;
}

/** A server with a path for everything a server can do, well or ill. */
export const SERVER = `
const http = require("node:http");
const crypto = require("node:crypto");
const seen = { aborted: 0, sockets: 0, written: 0, most: 0, now: 0 };
let go = () => {};
const paths = {
  echo(request, response) {
    const hash = crypto.createHash("sha256");
    let bytes = 0;
    request.on("data", (chunk) => { bytes += chunk.length; hash.update(chunk); });
    request.on("end", () => {
      response.setHeader("Set-Cookie", ["a=1", "b=2"]);
      response.setHeader("Connection", "keep-alive, X-Private");
      response.setHeader("X-Private", "for the next hop only");
      response.setHeader("Date", "Thu, 01 Jan 1970 00:00:00 GMT");
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.rawHeaders, bytes, sha: hash.digest("hex") }));
    });
  },
  halves(request, response) { response.write("first,"); go = () => response.end("second"); },
  go(request, response) { go(); response.end(); },
  counted(request, response) { response.setHeader("Content-Length", 12); response.write("first,"); go = () => response.end("second"); },
  head(request, response) { response.writeHead(200); response.flushHeaders(); go = () => response.end("late"); },
  mirror(request, response) { request.pipe(response); },
  status(request, response) { response.writeHead(Number(new URL(request.url, "http://x").searchParams.get("code"))); response.end(); },
  bytes(request, response) {
    const url = new URL(request.url, "http://x");
    const size = Number(url.searchParams.get("size"));
    if (url.searchParams.has("known")) response.setHeader("Content-Length", size);
    let left = size;
    seen.written = 0;
    const more = () => {
      while (left > 0) {
        const chunk = Buffer.alloc(Math.min(left, 64 * 1024), "x");
        left -= chunk.length;
        seen.written += chunk.length;
        if (!response.write(chunk)) return response.once("drain", more);
      }
      response.end();
    };
    more();
  },
  flood(request, response) {
    // Never more than fits: what counts is that its caller takes nothing.
    const chunk = Buffer.alloc(64 * 1024);
    for (let sent = 0; sent < 5 * 1024 * 1024; sent += chunk.length) response.write(chunk);
    // Where the machine's buffers take it all, the server has done its part.
    response.end();
  },
  hang(request, response) { response.once("close", () => { if (!response.writableEnded) seen.aborted++; }); },
  trickle(request, response) {
    const timer = setInterval(() => response.write("."), 20);
    response.once("close", () => { clearInterval(timer); seen.aborted++; });
  },
  alone(request, response) {
    seen.now++;
    seen.most = Math.max(seen.most, seen.now);
    setTimeout(() => { seen.now--; response.end(); }, 30);
  },
  seen(request, response) { response.end(JSON.stringify(seen)); },
  trailers(request, response) { response.setHeader("Trailer", "X-Sum"); response.write("body"); response.addTrailers({ "X-Sum": "42" }); response.end(); },
  hints(request, response) { request.socket.write("HTTP/1.1 103 Early Hints\\r\\nLink: </a.css>\\r\\n\\r\\n"); response.end("after hints"); },
  garbage(request) { request.socket.end("this is no HTTP at all\\r\\n\\r\\n"); },
  nothing(request) { request.socket.destroy(); },
  huge(request) { request.socket.end("HTTP/1.1 200 OK\\r\\nX-Huge: " + "h".repeat(60000) + "\\r\\n\\r\\n"); },
  manyheads(request) { request.socket.write("HTTP/1.1 200 OK\\r\\n"); const more = (error) => error || request.socket.write("X-More: more\\r\\n".repeat(500), more); request.socket.on("error", () => {}); more(); },
  both(request) { request.socket.end("HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\nHTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nforged"); },
  second(request) { request.socket.write("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nokHTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nforged"); },
  short(request) { request.socket.end("HTTP/1.1 200 OK\\r\\nContent-Length: 100\\r\\n\\r\\nonly this"); },
  badchunk(request) { request.socket.end("HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\nZZ\\r\\n"); },
  switch(request) { request.socket.end("HTTP/1.1 101 Switching Protocols\\r\\nConnection: upgrade\\r\\nUpgrade: evil\\r\\n\\r\\n"); },
  exit() { process.exit(7); },
  eat() { const hold = []; setInterval(() => hold.push(Buffer.alloc(32 << 20, 1)), 1); },
  print(request, response) { console.log("printed for", request.url); console.error("and an error"); response.end(); },
};
const server = http.createServer((request, response) => {
  const name = new URL(request.url, "http://x").pathname.split("/")[2] ?? "";
  if (paths[name] === undefined) return response.writeHead(404).end("no " + name);
  paths[name](request, response);
});
server.on("upgrade", (request, socket, head) => {
  if (request.url.includes("refuse")) return socket.end("HTTP/1.1 403 Forbidden\\r\\nContent-Length: 2\\r\\n\\r\\nno");
  const accept = crypto.createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: " + accept + "\\r\\nSec-WebSocket-Protocol: chat\\r\\n\\r\\n");
  seen.sockets++;
  socket.on("error", () => {});
  socket.on("end", () => socket.end());
  socket.on("close", () => { seen.sockets--; });
  if (head.length > 0) socket.write(head);
  socket.on("data", (chunk) => chunk.includes("bye") ? socket.end("farewell") : socket.write(chunk));
});
server.listen(8000, "127.0.0.1");
`;

/** The event form of the guide (2.4.2), with some ways to fail. */
export const EVENTS = `
const http = require("node:http");
let initialized = 0;
http.createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    const is = request.method + " " + request.url;
    if (is === "POST /init") { initialized++; return response.end("Hello init"); }
    if (is !== "POST /invoke") return response.writeHead(404).end("no " + is);
    console.log("receive", body);
    const { deed } = JSON.parse(body);
    if (deed === "fail") return response.writeHead(500).end("it went wrong");
    if (deed === "exit") process.exit(5);
    if (deed === "bytes") return response.end(Buffer.from([0, 255]));
    response.end(JSON.stringify({ initialized, headers: request.headers, env: process.env, body }));
  });
}).listen(process.env.PORT ?? 8000);
`;

/** What `SERVER` counts. */
export interface Seen {
  readonly aborted: number;
  readonly sockets: number;
  readonly written: number;
  readonly most: number;
}
