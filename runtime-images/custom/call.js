"use strict";
// One call on its way through the Runtime API.
const instance = require("./instance");
const link = require("../nodejs/link");
const memory = require("./memory");

const CODE_ERROR = 4002;
const CODE_TOO_LARGE = 4004;
const CODE_DISK_FULL = 4207;
/** Errors are read by people, and must fit into a frame: characters of one text, and lines of a stack. */
const MOST_CHARACTERS = 64 * 1024;
const MOST_LINE = 4 * 1024;
const MOST_LINES = 100;
/** What programs say when /tmp is full. */
const NO_SPACE = /no space left on device/i;
/** u32 milliseconds left and u8 length of the request id. */
const FIXED_BYTES = 5;

class Call {
  constructor({ call, buffer, head, payload, end }) {
    const idEnd = head + FIXED_BYTES + buffer[head + FIXED_BYTES - 1];
    this.call = call;
    this.requestId = buffer.toString("latin1", head + FIXED_BYTES, idEnd);
    this.meta = idEnd < payload ? JSON.parse(buffer.toString("utf8", idEnd, payload)) : {};
    // A copy: the buffer may hold the frames of many calls.
    this.event = Buffer.from(buffer.subarray(payload, end));
    this.startedAt = 0;
  }

  /** Hands the event to the program that waits for it. */
  start(response) {
    this.startedAt = performance.now();
    response.writeHead(200, this.headers());
    response.end(this.event);
  }

  headers() {
    const { credentials } = instance.loaded();
    return {
      "Content-Type": "application/json",
      "Content-Length": this.event.length,
      "X-Cff-Request-Id": this.requestId,
      "X-CFF-Access-Key": credentials.accessKey,
      "X-CFF-Secret-Key": credentials.secretKey,
      "X-CFF-Security-Access-Key": credentials.securityAccessKey,
      "X-CFF-Security-Secret-Key": credentials.securitySecretKey,
      "X-CFF-Security-Token": credentials.securityToken,
      "X-CFF-Auth-Token": credentials.token,
      "X-CFF-Invoke-Type": this.meta.invokeType || "sync",
    };
  }

  succeed(result) {
    link.result(this.call, this.micros(), this.memory(), result);
  }

  /** @param text what the program posted: `{errorType, errorMessage}`, or anything */
  fail(text) {
    const { errorType = "UserFunctionError", errorMessage = text, stackTrace } = parse(text);
    const message = cut(String(errorMessage), MOST_CHARACTERS);
    this.error(NO_SPACE.test(message) ? CODE_DISK_FULL : CODE_ERROR, {
      errorMessage: `function invocation exception, error: ${message}`,
      errorType: cut(String(errorType), MOST_LINE),
      stackTrace: Array.isArray(stackTrace) ? lines(stackTrace) : [],
    });
  }

  tooLarge(size, limit) {
    this.error(CODE_TOO_LARGE, {
      errorMessage: `function result is invalid, error: response body size ${size} exceeds the limit of ${limit}`,
      errorType: "ResultTooLargeError",
      stackTrace: [],
    });
  }

  error(code, body) {
    link.error(this.call, this.micros(), this.memory(), code, JSON.stringify(body, undefined, 4));
  }

  micros() {
    return Math.round((performance.now() - this.startedAt) * 1000);
  }

  memory() {
    return memory.residentKib(instance.pid());
  }
}

function cut(text, most) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function lines(stack) {
  const more = stack.length - MOST_LINES;
  const kept = stack.slice(0, MOST_LINES).map((line) => cut(String(line), MOST_LINE));
  return more > 0 ? [...kept, `… ${more} more`] : kept;
}

function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

exports.Call = Call;
