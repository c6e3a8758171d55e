"use strict";
// Gives what the code prints to the request that printed it, also when many requests run at once.
const link = require("./link");

const LINE_BYTES = 90 * 1024;
/** One call keeps 4 MiB of log; the last KiB is for the line that tells what was dropped. */
const KEPT_BYTES = 4 * 1024 * 1024 - 1024;
const LEVEL = { debug: 1, info: 2, warn: 3, error: 4 };
const NEWLINE = 10;
const EMPTY = Buffer.alloc(0);

const storage = require("./storage");

/** Log of one call: what it may still write, and the line it has begun. */
function LogScope(call) {
  this.call = call;
  this.kept = 0;
  this.dropped = 0;
  this.begun = undefined;
  this.begunLevel = LEVEL.info;
  this.finished = false;
}

/** Writes one text of any length as LOG frames of at most 90 KiB. */
LogScope.prototype.log = function (level, text) {
  this.bytes(level, typeof text === "string" ? Buffer.from(text) : text);
};

LogScope.prototype.bytes = function (level, bytes) {
  let at = 0;
  do {
    const end = cut(bytes, at);
    this.kept += end - at;
    if (this.kept <= KEPT_BYTES) link.log(this.call, level, bytes.slice(at, end));
    else this.dropped += end - at;
    at = end;
  } while (at < bytes.length);
};

/** Takes what a stream writes; a line goes out when its newline comes. */
LogScope.prototype.write = function (level, chunk) {
  const last = chunk.lastIndexOf(NEWLINE);
  if (last < 0) {
    this.keep(level, chunk);
    return;
  }
  const whole = chunk.slice(0, last);
  this.bytes(level, this.begun === undefined ? whole : Buffer.concat([this.begun, whole]));
  this.begun = undefined;
  if (last + 1 < chunk.length) this.keep(level, chunk.slice(last + 1));
};

LogScope.prototype.keep = function (level, chunk) {
  this.begun = this.begun === undefined ? Buffer.from(chunk) : Buffer.concat([this.begun, chunk]);
  this.begunLevel = level;
  if (this.begun.length > LINE_BYTES) this.endLine();
};

LogScope.prototype.endLine = function () {
  const begun = this.begun;
  this.begun = undefined;
  if (begun !== undefined) this.bytes(this.begunLevel, begun);
};

/** Ends the call's log; later writes of its code belong to the instance. */
LogScope.prototype.finish = function () {
  if (this.begun !== undefined) this.endLine();
  if (this.dropped > 0) {
    const text = this.dropped + " bytes of log were dropped: one invocation keeps 4194304 bytes";
    link.log(this.call, LEVEL.warn, Buffer.from(text));
  }
  this.finished = true;
};

/** End of the piece that begins at `at`, never inside a character. */
function cut(bytes, at) {
  let end = at + LINE_BYTES;
  if (end >= bytes.length) return bytes.length;
  while (end > at + LINE_BYTES - 4 && (bytes[end] & 0xc0) === 0x80) end--;
  return end;
}

const instance = new LogScope(0);

/** The scope of the running request, or the instance's. */
function scope() {
  const found = storage.getStore();
  return found === undefined || found.finished ? instance : found;
}

/** The instance's log has the same limit as a call's, anew from each request on. */
exports.renewInstance = function () {
  if (instance.kept === 0) return;
  instance.finish();
  instance.finished = false;
  instance.kept = 0;
  instance.dropped = 0;
};

/** Level that the console method at work gives to what it writes; undefined outside of one. */
let consoleLevel;

function redirect(stream, ownLevel) {
  stream.write = function (chunk, encoding, callback) {
    const done = typeof encoding === "function" ? encoding : callback;
    const bytes =
      typeof chunk === "string" ? Buffer.from(chunk, encoding === done ? "utf8" : encoding) : chunk;
    scope().write(consoleLevel === undefined ? ownLevel : consoleLevel, bytes === undefined ? EMPTY : bytes);
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
}

function level(method, value) {
  const original = console[method];
  if (typeof original !== "function") return;
  console[method] = function () {
    const before = consoleLevel;
    consoleLevel = value;
    try {
      return original.apply(console, arguments);
    } finally {
      consoleLevel = before;
    }
  };
}

exports.install = function () {
  redirect(process.stdout, LEVEL.info);
  redirect(process.stderr, LEVEL.error);
  level("debug", LEVEL.debug);
  level("log", LEVEL.info);
  level("info", LEVEL.info);
  level("warn", LEVEL.warn);
  level("error", LEVEL.error);
  level("trace", LEVEL.error);
};

/** Runs `work(argument)` so that everything it starts belongs to `store`, a LogScope. */
exports.run = function (store, work, argument) {
  return storage.run(store, work, argument);
};
exports.current = function () {
  return storage.getStore();
};
exports.scope = scope;
exports.LogScope = LogScope;
exports.LEVEL = LEVEL;
