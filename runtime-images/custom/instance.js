"use strict";
// The life of an instance that runs the function's own program: LOAD, INIT, STOP, and the program's end. What "ready" means, and what a
// call is, is said by the family (a custom runtime asks for its first request; an HTTP function listens).
const frames = require("../nodejs/frames");
const link = require("../nodejs/link");
const program = require("./program");

const TYPE = frames.TYPE;
const CODE_LOAD = 4001;
const CODE_INIT = 4009;
const LEVEL_ERROR = 4;
/** The instance tells why it is not ready this long before the platform stops waiting. */
const BEFORE_MS = 300;

let family;
let loaded;
let child;
/** LOAD or INIT is being answered, with this inner code on failure. */
let starting = 0;
let stopping = false;

/**
 * @param kind what the family adds: `lenient`, `before()` (a promise), `environment()`, `ready(child)` (a promise, with a `diagnose()` for one that takes too
 *   long), `invoke(frame)`, `warm()`, and `finish()` before the process ends
 */
exports.serve = function (kind) {
  family = kind;
  const address = process.env.FUNGRAPH_LINK;
  const token = process.env.FUNGRAPH_TOKEN;
  for (const name of ["FUNGRAPH_LINK", "FUNGRAPH_TOKEN", "FUNGRAPH_DOOR"]) delete process.env[name];
  if (!address) {
    process.stderr.write("FUNGRAPH_LINK is missing: this program is started by the platform (PROTOCOL.md)\n");
    process.exit(64);
  }
  link.open(address, take);
  const hello = { protocol: 1, token, runtime: kind.name, version: process.versions.node, pid: process.pid };
  link.send(TYPE.HELLO, JSON.stringify(hello));
};

/** What LOAD said. */
exports.loaded = () => loaded;
/** Process id of the function's program. */
exports.pid = () => child.pid;

// oxlint-disable-next-line max-params -- as the frame reader hands frames over, without an object for each
function take(type, call, buffer, head, payload, end) {
  switch (type) {
    case TYPE.LOAD:
      loaded = JSON.parse(buffer.toString("utf8", payload, end));
      answer(load(), CODE_LOAD, TYPE.LOADED);
      break;
    case TYPE.INIT:
      answer(ready(loaded.initializer.timeoutSeconds * 1000), CODE_INIT, TYPE.INITIALIZED);
      break;
    case TYPE.INVOKE:
      family.invoke({ call, buffer, head, payload, end });
      break;
    case TYPE.HEARTBEAT:
      family.warm();
      link.send(TYPE.ALIVE);
      break;
    case TYPE.STOP:
      void stop(buffer.readUInt32LE(head));
      break;
    default:
      throw new Error(`the platform sent a frame of type ${type}`);
  }
}

function answer(done, code, type) {
  starting = code;
  done
    .then(function () {
      starting = 0;
      return link.send(type);
    })
    .catch(refuse);
}

/** With an initializer the start of the program is LOAD and its being ready is INIT; without one, both are LOAD. */
async function load() {
  await family.before();
  child = await program.start(loaded, { lenient: family.lenient, environment: family.environment() });
  child.once("exit", ended);
  if (loaded.initializer === undefined) await ready(loaded.loadTimeoutMs);
}

async function ready(timeoutMs) {
  let timer;
  const late = new Promise(function (_, reject) {
    timer = setTimeout(() => reject(new program.ProgramFault(family.diagnose())), timeoutMs - BEFORE_MS);
  });
  await Promise.race([family.ready(child), late]).finally(() => clearTimeout(timer));
}

function refuse(error) {
  if (starting === 0) return;
  const stage = starting === CODE_LOAD ? "function entry exception" : "function initialization exception";
  const errorMessage = `${stage}, error: ${error.message}`;
  const body = { errorMessage, errorType: error.name, stackTrace: [] };
  link.log(0, LEVEL_ERROR, Buffer.from(errorMessage));
  link.error(0, 0, 0, starting, JSON.stringify(body, undefined, 4));
  starting = 0;
}

/** The program has ended by itself: before it was ready that is its fault, later the instance ends in the same way. */
function ended(code, signal) {
  if (stopping) return;
  if (starting !== 0) {
    refuse(
      new program.ProgramFault(
        `the program bootstrap ${program.describeEnd(code, signal)} before it was ready. Its output is in the log.`,
      ),
    );
    return;
  }
  leave(function () {
    if (signal === null) process.exit(code);
    process.kill(process.pid, signal);
  });
}

async function stop(graceMs) {
  stopping = true;
  await program.stop(child, graceMs);
  link.send(TYPE.STOPPED);
  leave(() => process.exit(0));
}

function leave(done) {
  family.finish();
  link.drained(done);
}
