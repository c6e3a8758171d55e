"use strict";
// The instance's end of the link: one write per event-loop turn, and at once where waiting could lose something.
const fs = require("fs");
const net = require("net");
const frames = require("./frames");

const TYPE = frames.TYPE;
/** Longest time that the exit of the process waits for a reader that does not read. */
const EXIT_PATIENCE_MS = 1000;
/** As much as one read of a socket brings. */
const PLACE_BYTES = 64 * 1024;

const writer = new frames.FrameWriter();
/** Kept from before the code loads, which may replace it. */
const later = setImmediate;
let socket;
let descriptor = -1;
let scheduled = false;

/** Opens the stream that FUNGRAPH_LINK names; the process ends when it ends. What the sink is given is only valid during its call. */
exports.open = function (address, sink) {
  const reader = new frames.FrameReader(sink);
  // One place for all that comes: a place for each chunk, and what streams do with one, is a seventh of the work for a lone request.
  const place = Buffer.allocUnsafeSlow(PLACE_BYTES);
  const onread = {
    buffer: place,
    callback: function (count) {
      reader.push(place.slice(0, count));
      return true;
    },
  };
  socket = connect(address, onread);
  // Versions before 12.10 know no such place.
  socket.on("data", function (chunk) {
    reader.push(chunk);
  });
  socket.on("error", leave);
  socket.on("end", leave);
  socket.on("close", leave);
  process.on("exit", flushBeforeExit);
};

function connect(address, onread) {
  if (address.indexOf("fd:") === 0) {
    descriptor = Number(address.slice(3));
    return new net.Socket({ fd: descriptor, readable: true, writable: true, onread: onread });
  }
  if (address.indexOf("unix:") === 0) return net.connect({ path: address.slice(5), onread: onread });
  if (address.indexOf("tcp:") === 0) {
    const colon = address.lastIndexOf(":");
    const host = address.slice(4, colon);
    const port = Number(address.slice(colon + 1));
    const connected = net.connect({ host: host, port: port, onread: onread });
    connected.setNoDelay(true);
    return connected;
  }
  throw new Error("FUNGRAPH_LINK must begin with fd:, unix: or tcp:, got " + JSON.stringify(address));
}

function leave() {
  process.exit(0);
}

function flush() {
  scheduled = false;
  if (writer.isEmpty()) return;
  const parts = writer.take();
  if (parts.length === 1) {
    socket.write(parts[0]);
    return;
  }
  socket.cork();
  for (let i = 0; i < parts.length; i++) socket.write(parts[i]);
  socket.uncork();
}

function flushLater() {
  if (scheduled) return;
  scheduled = true;
  later(flush);
}

/** The process ends now: the kernel must have the bytes before. */
function flushBeforeExit() {
  if (socket === undefined || writer.isEmpty() || socket.writableLength > 0) return;
  const fd = descriptor >= 0 ? descriptor : socket._handle ? socket._handle.fd : -1;
  if (fd < 0) return;
  const giveUp = Date.now() + EXIT_PATIENCE_MS;
  for (const part of writer.take()) {
    let at = 0;
    while (at < part.length) {
      try {
        at += fs.writeSync(fd, part, at, part.length - at);
      } catch (error) {
        if (error.code !== "EAGAIN" || Date.now() > giveUp) return;
      }
    }
  }
}

/** A frame without head; `text` may be missing. */
exports.send = function (type, text) {
  writer.begin(type, 0, 0, 0);
  writer.finishBuffer(text === undefined ? Buffer.alloc(0) : Buffer.from(text));
  flushLater();
};

/** A LOG leaves at once: a request that hangs or is killed keeps its last line. */
exports.log = function (call, level, bytes) {
  writer.begin(TYPE.LOG, call, 1, 0);
  writer.block[writer.end] = level;
  writer.end += 1;
  writer.finishBuffer(bytes);
  flush();
};

/** `text` may be bytes too. */
exports.result = function (call, micros, memoryKib, text) {
  const direct = typeof text === "string" && text.length <= frames.DIRECT_CHARS;
  writer.begin(TYPE.RESULT, call, 8, direct ? text.length * 3 : 0);
  times(micros, memoryKib);
  if (direct) writer.finishText(text);
  else writer.finishBuffer(Buffer.from(text));
  flushLater();
};

exports.error = function (call, micros, memoryKib, code, body) {
  writer.begin(TYPE.ERROR, call, 10, 0);
  times(micros, memoryKib);
  writer.block.writeUInt16LE(code, writer.end);
  writer.end += 2;
  writer.finishBuffer(Buffer.from(body));
  flushLater();
};

function times(micros, memoryKib) {
  writer.block.writeUInt32LE(micros, writer.end);
  writer.block.writeUInt32LE(memoryKib, writer.end + 4);
  writer.end += 8;
}

/** Writes what waits; called before code of unknown length runs. */
exports.flush = flush;
/** Calls back when all that was written has left the process. */
exports.drained = function (callback) {
  flush();
  socket.write("", callback);
};
