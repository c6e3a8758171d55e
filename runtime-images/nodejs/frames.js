"use strict";
// The runtime protocol's frames (../PROTOCOL.md), seen from the instance.
// Buffers are cut by slice(): subarray() of the oldest Node versions gives no Buffer.

exports.TYPE = {
  HELLO: 1,
  LOAD: 2,
  LOADED: 3,
  INIT: 4,
  INITIALIZED: 5,
  INVOKE: 6,
  RESULT: 7,
  ERROR: 8,
  LOG: 9,
  HEARTBEAT: 10,
  ALIVE: 11,
  STOP: 12,
  STOPPED: 13,
};
const HEADER_BYTES = 12;
const MAX_FRAME_BYTES = 6 * 1024 * 1024 + 64 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** Texts up to this length are encoded straight into the block; UTF-8 takes at most three bytes per UTF-16 unit. */
const DIRECT_CHARS = 8 * 1024;

/** Cuts the stream into frames: `sink(type, call, buffer, head, payload, end)`, offsets into `buffer`, which is only valid during the call. */
function FrameReader(sink) {
  this.sink = sink;
  this.rest = undefined;
  this.wanted = HEADER_BYTES;
}

/** Takes the next bytes; `chunk` is only valid during the call. */
FrameReader.prototype.push = function (chunk) {
  let buffer = chunk;
  if (this.rest !== undefined) {
    this.rest.push(Buffer.from(chunk));
    this.gathered += chunk.length;
    if (this.gathered < this.wanted) return;
    buffer = Buffer.concat(this.rest, this.gathered);
    this.rest = undefined;
  }
  let at = 0;
  this.wanted = HEADER_BYTES;
  while (buffer.length - at >= HEADER_BYTES) {
    const length = buffer.readUInt32LE(at);
    if (length > MAX_FRAME_BYTES) throw new RangeError("a frame is too long");
    const end = at + HEADER_BYTES + length;
    if (end > buffer.length) {
      this.wanted = HEADER_BYTES + length;
      break;
    }
    const head = at + HEADER_BYTES;
    this.sink(
      buffer[at + 4],
      buffer.readUInt32LE(at + 8),
      buffer,
      head,
      head + buffer.readUInt16LE(at + 6),
      end
    );
    at = end;
  }
  if (at < buffer.length) {
    this.rest = [Buffer.from(buffer.slice(at))];
    this.gathered = buffer.length - at;
  }
};

/** Collects frames until they are taken for one write. */
function FrameWriter() {
  this.block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  this.start = 0;
  this.end = 0;
  this.parts = [];
}

/** Begins a frame; the head's bytes are then written at `this.end` and `finish…` closes it. */
FrameWriter.prototype.begin = function (type, call, headLength, payloadRoom) {
  if (this.end + HEADER_BYTES + headLength + payloadRoom > this.block.length) {
    this.seal();
    this.block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    this.start = 0;
    this.end = 0;
  }
  const block = this.block;
  const at = this.end;
  block[at + 4] = type;
  block[at + 5] = 0;
  block.writeUInt16LE(headLength, at + 6);
  block.writeUInt32LE(call, at + 8);
  this.header = at;
  this.end = at + HEADER_BYTES;
};

FrameWriter.prototype.finish = function (payloadLength) {
  this.block.writeUInt32LE(this.end - this.header - HEADER_BYTES + payloadLength, this.header);
};

/** Closes the frame with a buffer as payload. */
FrameWriter.prototype.finishBuffer = function (payload) {
  this.finish(payload.length);
  if (payload.length === 0) return;
  this.seal();
  this.parts.push(payload);
};

/** Closes the frame with a text as payload that `begin` left room for. */
FrameWriter.prototype.finishText = function (text) {
  const written = this.block.write(text, this.end, "utf8");
  this.finish(written);
  this.end += written;
};

FrameWriter.prototype.seal = function () {
  if (this.end > this.start) this.parts.push(this.block.slice(this.start, this.end));
  this.start = this.end;
};

FrameWriter.prototype.isEmpty = function () {
  return this.end === this.start && this.parts.length === 0;
};

/** Everything collected, as buffers in order. */
FrameWriter.prototype.take = function () {
  this.seal();
  const parts = this.parts;
  this.parts = [];
  return parts;
};

exports.FrameReader = FrameReader;
exports.FrameWriter = FrameWriter;
exports.DIRECT_CHARS = DIRECT_CHARS;
