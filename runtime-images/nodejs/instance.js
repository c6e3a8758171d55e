"use strict";
// The life of the instance: what each frame of the platform does.
const path = require("path");
const clock = require("./clock");
const context = require("./context");
const failures = require("./failures");
const frames = require("./frames");
const link = require("./link");
const loader = require("./loader");
const output = require("./output");
const requests = require("./request");
const runHook = require("./hook");

const TYPE = frames.TYPE;

let loaded;
let running = 0;
/** Requests beyond the concurrency wait here in the order they came; `next` is the first of them. */
let waiting = [];
let next = 0;
let stopping = false;
const active = new Set();

exports.take = function (type, call, buffer, head, payload, end) {
  switch (type) {
    case TYPE.INVOKE:
      invoke(new requests.Request(call, buffer, head, payload, end));
      break;
    case TYPE.LOAD:
      load(JSON.parse(buffer.toString("utf8", payload, end)));
      break;
    case TYPE.INIT:
      initialize();
      break;
    case TYPE.HEARTBEAT:
      link.send(TYPE.ALIVE);
      break;
    case TYPE.STOP:
      stop(buffer.readUInt32LE(head));
      break;
    default:
      throw new Error("the platform sent a frame of type " + type);
  }
};

function load(message) {
  loaded = message;
  failures.setCodeRoot(message.codeRoot);
  context.setLoaded(message);
  Object.assign(process.env, message.environment);
  enterFolder(message.codeRoot);
  loader
    .find(message.codeRoot, message.handler, "handler")
    .then(function (handler) {
      loader.checkHandler(handler);
      requests.setup({ handler: handler, maxResponseBytes: message.maxResponseBytes, onEnd: ended });
      link.send(TYPE.LOADED);
    })
    .catch(refuse("load"));
}

/** Code at /opt/function/code begins its work in /opt/function. */
function enterFolder(codeRoot) {
  try {
    process.chdir(path.dirname(codeRoot));
  } catch (_) {
    // The parent may be closed to the function's user; the code folder is not.
    process.chdir(codeRoot);
  }
}

function initialize() {
  const name = "initializer";
  loader
    .find(loaded.codeRoot, loaded.initializer.handler, name)
    .then(function (hook) {
      loader.checkInitializer(hook);
      return runHook(hook, hookContext(loaded.initializer.timeoutSeconds, name));
    })
    .then(function () {
      link.send(TYPE.INITIALIZED);
    })
    .catch(refuse("init"));
}

function hookContext(seconds, name) {
  return new context.Context(name, clock.now() + seconds * 1000, undefined, undefined);
}

function refuse(stage) {
  return function (value) {
    const failure = failures.failure(stage, value);
    output.scope().log(output.LEVEL.error, failure.log);
    link.error(0, 0, 0, failure.code, failure.body);
  };
}

function invoke(request) {
  if (running < loaded.concurrency) {
    start(request);
    return;
  }
  request.takeAlong();
  waiting.push(request);
}

function start(request) {
  running++;
  active.add(request);
  output.renewInstance();
  request.run();
}

let draining = false;

/** A place is free. A loop, not a recursion: a thousand handlers that end at once must not fill the stack. */
function ended(request) {
  running--;
  active.delete(request);
  if (draining) return;
  draining = true;
  while (next < waiting.length && running < loaded.concurrency) {
    const request = waiting[next];
    waiting[next] = undefined;
    next++;
    start(request);
  }
  draining = false;
  if (next === waiting.length && next > 0) {
    waiting = [];
    next = 0;
  }
  if (stopping && running === 0) finishStop();
}

let stopBy = 0;

/** What runs may end within the grace; then the pre-stop hook; then the process. */
function stop(graceMs) {
  stopping = true;
  stopBy = clock.now() + graceMs;
  setTimeout(leave, graceMs);
  if (running === 0) finishStop();
}

function finishStop() {
  if (loaded === undefined || loaded.preStop === undefined) {
    leave();
    return;
  }
  const preStop = loaded.preStop;
  const left = Math.min(stopBy - clock.now(), preStop.timeoutSeconds * 1000);
  setTimeout(leave, left);
  loader
    .find(loaded.codeRoot, preStop.handler, "pre-stop hook")
    .then(function (hook) {
      return runHook(hook, hookContext(left / 1000, "pre-stop"));
    })
    .catch(function (error) {
      output.scope().log(output.LEVEL.error, failures.failure("invoke", error).log);
    })
    .then(leave);
}

function leave() {
  link.send(TYPE.STOPPED);
  exit(0);
}

function exit(code) {
  link.drained(function () {
    process.exit(code);
  });
}

/** An error nobody caught: the state of the code is unknown, so the instance answers what it can and ends. */
exports.unsound = function (value) {
  let request = output.current();
  if ((request === undefined || request.finished) && active.size === 1)
    request = active.values().next().value;
  const failure = failures.failure("invoke", value);
  stopping = false;
  waiting = [];
  next = 0;
  if (request !== undefined && !request.finished) request.fail("invoke", value);
  else output.scope().log(output.LEVEL.error, failure.log);
  exit(1);
};
