"use strict";
// One call on its way through the Runtime API.
const instance = require("./instance");
const link = require("../nodejs/link");
const memory = require("./memory");

const CODE_ERROR = 4002;
const CODE_TOO_LARGE = 4004;
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
    this.error(CODE_ERROR, {
      errorMessage: `function invocation exception, error: ${errorMessage}`,
      errorType: String(errorType),
      stackTrace: Array.isArray(stackTrace) ? stackTrace.map(String) : [],
    });
  }

  tooLarge(size, limit) {
    this.error(CODE_TOO_LARGE, {
      errorMessage: `function result is invalid, error: the result has ${size} bytes, more than the limit of ${limit}`,
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

function parse(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

exports.Call = Call;
