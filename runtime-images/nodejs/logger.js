"use strict";
// The logger that context.getLogger() gives: ISO time, request id, level, message.
const util = require("util");
const output = require("./output");

const LEVEL = output.LEVEL;
const ORDER = { debug: LEVEL.debug, info: LEVEL.info, warn: LEVEL.warn, error: LEVEL.error };

function Logger(requestId, scope) {
  this._requestId = requestId;
  this._scope = scope;
  this._least = LEVEL.debug;
}

function write(logger, level, name, values) {
  if (level < logger._least) return;
  const message = util.format.apply(util, values);
  const scope = logger._scope !== undefined && !logger._scope.finished ? logger._scope : output.scope();
  scope.log(level, new Date().toISOString() + " " + logger._requestId + " " + name + " " + message);
}

Logger.prototype.debug = function () {
  write(this, LEVEL.debug, "DEBUG", arguments);
};
Logger.prototype.info = function () {
  write(this, LEVEL.info, "INFO", arguments);
};
Logger.prototype.log = function () {
  write(this, LEVEL.info, "INFO", arguments);
};
Logger.prototype.warn = function () {
  write(this, LEVEL.warn, "WARN", arguments);
};
Logger.prototype.error = function () {
  write(this, LEVEL.error, "ERROR", arguments);
};
/** Lines below the level are not written: debug, info, warn or error. */
Logger.prototype.setLevel = function (name) {
  const level = ORDER[String(name).toLowerCase()];
  if (level === undefined)
    throw new RangeError("setLevel takes debug, info, warn or error, got " + JSON.stringify(name));
  this._least = level;
};

module.exports = Logger;
