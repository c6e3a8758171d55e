import type { Writable } from "node:stream";
import { HEADER_BYTES, writeHeader, type FrameType } from "./frame.ts";

/** The first block is small, because many instances answer a few calls and end; each further one is twice as large. */
const FIRST_BLOCK_BYTES = 4 * 1024;
const BLOCK_BYTES = 64 * 1024;
/** Payloads from this size on are handed to the stream where they lie; smaller ones are cheaper to copy. */
const COPY_BELOW = 4 * 1024;
const EMPTY = Buffer.alloc(0);

/** Writers with frames of this event-loop turn, and one immediate for all of them. */
const waiting: FrameWriter[] = [];

function flushAll(): void {
  // flush() may make others write; they join the next turn.
  const writers = waiting.splice(0);
  for (const writer of writers) writer.flush();
}

/** Collects the frames of one event-loop turn and gives them to the stream in one write. */
export class FrameWriter {
  readonly #stream: Writable;
  #block = Buffer.allocUnsafeSlow(FIRST_BLOCK_BYTES);
  /** Bytes of the block before `#start` belong to earlier writes; those from `#start` to `#end` wait. */
  #start = 0;
  #end = 0;
  /** Finished parts that go before the block's waiting bytes. */
  #parts: Buffer[] = [];
  #scheduled = false;
  /** True from a full stream to its drain; frames gather meanwhile. */
  #blocked = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("drain", () => {
      this.#blocked = false;
      this.flush();
    });
  }

  /** Adds a frame; it leaves at the end of this turn. A large `payload` must not change until it is written. */
  frame(type: FrameType, call: number, head: Buffer, payload: Buffer = EMPTY): void {
    let at = this.begin({
      type,
      call,
      headLength: head.length,
      payloadLength: payload.length,
    });
    at += head.copy(this.#block, at);
    this.finish(at, payload);
  }

  /**
   * Writes a header and returns where in `block` the head begins; the caller writes exactly `headLength` bytes there and calls
   * `finish` before anything else.
   */
  begin(frame: {
    readonly type: FrameType;
    readonly call: number;
    readonly headLength: number;
    readonly payloadLength: number;
  }): number {
    const copied = frame.payloadLength < COPY_BELOW ? frame.payloadLength : 0;
    this.#reserve(HEADER_BYTES + frame.headLength + copied);
    writeHeader(this.#block, this.#end, frame);
    return this.#end + HEADER_BYTES;
  }

  /** The block that `begin` spoke of. */
  get block(): Buffer {
    return this.#block;
  }

  /** Ends the frame whose head ends at `at`. */
  finish(at: number, payload: Buffer): void {
    this.#end = at;
    if (payload.length < COPY_BELOW) {
      this.#end += payload.copy(this.#block, at);
    } else {
      this.#seal();
      this.#parts.push(payload);
    }
    if (!this.#scheduled) {
      this.#scheduled = true;
      if (waiting.push(this) === 1) setImmediate(flushAll);
    }
  }

  /** Gives everything collected to the stream now. */
  flush(): void {
    this.#scheduled = false;
    if (this.#blocked || !this.#stream.writable) return;
    if (this.#parts.length === 0) {
      if (this.#end > this.#start) this.#write(this.#cut());
      return;
    }
    this.#seal();
    const parts = this.#parts;
    this.#parts = [];
    this.#stream.cork();
    for (const part of parts) this.#write(part);
    this.#stream.uncork();
  }

  #write(part: Buffer): void {
    if (!this.#stream.write(part)) this.#blocked = true;
  }

  #seal(): void {
    if (this.#end > this.#start) this.#parts.push(this.#cut());
  }

  #cut(): Buffer {
    const part = this.#block.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return part;
  }

  /** The written part of a block belongs to the stream until the kernel took it, so a full block is left behind, not reused. */
  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#block.length) return;
    this.#seal();
    const next = Math.min(this.#block.length * 2, BLOCK_BYTES);
    this.#block = Buffer.allocUnsafeSlow(Math.max(next, bytes));
    this.#start = 0;
    this.#end = 0;
  }
}
