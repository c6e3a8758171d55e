"use strict";
// The Runtime API (guide 3.1.2.5): the function's program fetches requests and posts what became of them.
const http = require("node:http");
const { Call } = require("./call");
const instance = require("./instance");

const ROOT = "/v1/runtime/invocation/";
/** Of an error the first part is kept, but all of it must be read to be understood. */
const MOST_ERROR_BYTES = 32 * 1024 * 1024;
const ANSWER = /^(response|error)\/([^/]+)$/;

/** Calls that no one has fetched, and fetches that wait for a call, in the order they came; one of both is empty. */
const calls = [];
const fetches = [];
/** Fetched calls by request id. */
const running = new Map();

let heard;
/** Resolves when the program asks for its first request. */
exports.asked = new Promise(function (resolve) {
  heard = resolve;
});

/** Serves on a free port of the loopback. @param ready called with host and port */
exports.listen = function (ready) {
  const server = http.createServer(serve);
  // A fetch may wait for hours, and a program may keep its connection as long.
  Object.assign(server, { timeout: 0, requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 });
  server.listen(0, "127.0.0.1", () => ready(`127.0.0.1:${server.address().port}`));
};

/** Takes an INVOKE frame. */
exports.invoke = function (frame) {
  calls.push(new Call(frame));
  match();
};

/** The instance ends: what runs is told by the platform. */
exports.close = function () {
  for (const response of fetches.splice(0)) response.destroy();
};

function serve(request, response) {
  const [pathname] = request.url.split("?", 1);
  const [, kind, id] = ANSWER.exec(pathname.slice(ROOT.length)) || [];
  if (!pathname.startsWith(ROOT)) return refuse(response, 404, `there is no ${pathname}`);
  if (pathname === `${ROOT}request`) return fetch(request, response);
  if (kind === undefined) return refuse(response, 404, `there is no ${pathname}`);
  if (request.method !== "POST") return refuse(response, 405, `${pathname} takes POST`, "POST");
  return take(request, response, kind, decode(id));
}

function fetch(request, response) {
  if (request.method !== "GET") return refuse(response, 405, `${ROOT}request takes GET`, "GET");
  heard();
  fetches.push(response);
  response.on("close", function () {
    const at = fetches.indexOf(response);
    if (at !== -1) fetches.splice(at, 1);
  });
  match();
}

function match() {
  while (calls.length > 0 && fetches.length > 0 && running.size < instance.loaded().concurrency) {
    const call = calls.shift();
    running.set(call.requestId, call);
    deliver(call, fetches.shift());
  }
}

/** A program that hung up before it had the whole event gets it with its next fetch. */
function deliver(call, response) {
  response.once("close", function () {
    if (response.writableFinished || !running.delete(call.requestId)) return;
    calls.unshift(call);
    match();
  });
  call.start(response);
}

/** Reads the body of a result or an error, and ends the call with it. */
function take(request, response, kind, id) {
  const call = running.get(id);
  if (call === undefined)
    return refuse(response, 404, `no request ${id} is running here; it may have been answered before`);
  const limit = kind === "response" ? instance.loaded().maxResponseBytes : MOST_ERROR_BYTES;
  const chunks = [];
  let size = 0;
  request.on("data", function (chunk) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else chunks.length = 0;
  });
  request.on("end", function () {
    // Two answers may come at the same time; the first counts.
    if (!running.delete(id)) return refuse(response, 404, `request ${id} was answered before`);
    if (size > limit) call.tooLarge(size, limit);
    else if (kind === "response") call.succeed(Buffer.concat(chunks));
    else call.fail(Buffer.concat(chunks).toString());
    if (size > limit) refuse(response, 413, `the result has ${size} bytes, at most ${limit} are allowed`);
    else reply(response, 200, { status: "OK" });
    match();
  });
}

function decode(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function refuse(response, status, errorMessage, allow) {
  if (allow !== undefined) response.setHeader("Allow", allow);
  reply(response, status, { errorType: "RuntimeApiError", errorMessage });
}

function reply(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}
