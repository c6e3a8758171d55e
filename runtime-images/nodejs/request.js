"use strict";
// One request from INVOKE to its RESULT or ERROR.
const clock = require("./clock");
const Context = require("./context").Context;
const failures = require("./failures");
const link = require("./link");
const output = require("./output");
const util = require("util");

/** From this typical length of a handler's synchronous part on, finished results do not wait for the next handler. */
const SLOW_MS = 0.2;
/** Share of the newest handler in what is typical: one that was merely interrupted is soon forgotten. */
const NEWEST = 1 / 8;

let handler;
let maxBytes = 0;
let onEnd;
let typicalMs = 0;

/** What all requests share: the handler, the size limit, and what to do when one has ended. */
exports.setup = function (settings) {
  handler = settings.handler;
  maxBytes = settings.maxResponseBytes;
  onEnd = settings.onEnd;
};

function Request(call, buffer, head, payload, end) {
  output.LogScope.call(this, call);
  const idEnd = head + 5 + buffer[head + 4];
  this.requestId = buffer.toString("latin1", head + 5, idEnd);
  this.deadline = clock.now() + buffer.readUInt32LE(head);
  this.meta = idEnd < payload ? JSON.parse(buffer.toString("utf8", idEnd, payload)) : undefined;
  this.buffer = buffer;
  this.start = payload;
  this.end = end;
  this.began = 0;
}
util.inherits(Request, output.LogScope);

/** Takes the event along, for a request that does not run at once: the place where it was read is used again. */
Request.prototype.takeAlong = function () {
  this.buffer = Buffer.from(this.buffer.slice(this.start, this.end));
  this.end -= this.start;
  this.start = 0;
};

/** Runs the handler; every write and every timer it starts belongs to this request. */
Request.prototype.run = function () {
  // A finished result must not wait for a handler that may be long; where handlers are short, one write for many is faster.
  if (typicalMs > SLOW_MS) link.flush();
  output.run(this, begin, this);
  typicalMs += (clock.now() - this.began - typicalMs) * NEWEST;
};

function begin(request) {
  request.began = clock.now();
  let event;
  try {
    event = JSON.parse(request.buffer.toString("utf8", request.start, request.end));
  } catch (error) {
    request.fail("invoke", "the event is not JSON: " + error.message);
    return;
  }
  request.buffer = undefined;
  const context = new Context(request.requestId, request.deadline, request.meta, request);
  try {
    const returned = handler(event, context, function (error, data) {
      if (error === undefined)
        error = "callback(err, data) was called with err undefined; pass null for success";
      if (error) request.fail("invoke", error);
      else request.succeed(data);
    });
    if (returned !== undefined && returned !== null && typeof returned.then === "function") {
      returned.then(
        function (data) {
          request.succeed(data);
        },
        function (error) {
          request.fail("invoke", error);
        }
      );
    }
  } catch (error) {
    request.fail("invoke", error);
  }
}

/** The first end counts: later callbacks and promises change nothing. */
Request.prototype.succeed = function (data) {
  if (this.finished) return;
  let text;
  try {
    text = textOf(data);
  } catch (error) {
    this.fail("result", error);
    return;
  }
  // Three bytes per unit at most: only a text that could be too large is measured.
  if (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes) {
    this.answer(failures.tooLarge(Buffer.byteLength(text), maxBytes));
    return;
  }
  this.finish();
  const now = clock.now();
  link.result(this.call, this.micros(now), clock.residentKib(now), text);
  onEnd(this);
};

Request.prototype.fail = function (stage, value) {
  if (!this.finished) this.answer(failures.failure(stage, value));
};

Request.prototype.answer = function (failure) {
  const time = new Date().toISOString();
  this.log(output.LEVEL.error, time + " " + this.requestId + " ERROR " + failure.log);
  this.finish();
  const now = clock.now();
  link.error(this.call, this.micros(now), clock.residentKib(now), failure.code, failure.body);
  onEnd(this);
};

Request.prototype.micros = function (now) {
  return Math.min(Math.round((now - this.began) * 1000), 0xffffffff);
};

function textOf(data) {
  if (typeof data === "string") return data;
  if (data === undefined || data === null) return "";
  const text = JSON.stringify(data);
  if (text === undefined) throw new TypeError("a " + typeof data + " has no JSON form");
  return text;
}

exports.Request = Request;
