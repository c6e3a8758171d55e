import { HEADER_BYTES, MAX_FRAME_BYTES } from "./frame.ts";

/**
 * One frame inside a buffer that is only valid until the sink returns. The reader fills the same object again and again, so that a
 * frame costs no allocation.
 */
export interface FrameView {
  type: number;
  call: number;
  buffer: Buffer;
  /** First byte of the head. */
  head: number;
  /** First byte of the payload. */
  payload: number;
  /** First byte after the frame. */
  end: number;
}

/** Takes one frame; returns why the link must end, or undefined to go on. */
export type FrameSink = (frame: FrameView) => string | undefined;

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into frames. A frame that lies whole in one chunk is handed out where it lies; only one that spans
 * chunks is copied, once, into a buffer of its own size.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #view: FrameView = { type: 0, call: 0, buffer: EMPTY, head: 0, payload: 0, end: 0 };
  readonly #header = Buffer.alloc(HEADER_BYTES);
  /** The frame being gathered, header included; EMPTY while only header bytes were seen. */
  #partial: Buffer = EMPTY;
  #have = 0;
  #broken: string | undefined;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /**
   * Feeds bytes. Never throws on any input.
   * @returns why the link must end (a broken rule, or the sink's word), or undefined
   */
  push(chunk: Buffer): string | undefined {
    if (this.#broken !== undefined) return this.#broken;
    let at = this.#have > 0 ? this.#resume(chunk) : 0;
    while (this.#broken === undefined && chunk.length - at >= HEADER_BYTES) {
      const length = chunk.readUInt32LE(at);
      if (length > MAX_FRAME_BYTES) this.#broken = tooLong(length);
      else if (chunk.length - at - HEADER_BYTES < length) break;
      else at = this.#deliver(chunk, at);
    }
    if (this.#broken === undefined && at < chunk.length) this.#keep(chunk, at);
    return this.#broken;
  }

  /** Completes the frame that began in an earlier chunk; returns how many bytes of this chunk that took. */
  #resume(chunk: Buffer): number {
    let at = 0;
    if (this.#partial === EMPTY) {
      at = Math.min(HEADER_BYTES - this.#have, chunk.length);
      chunk.copy(this.#header, this.#have, 0, at);
      this.#have += at;
      if (this.#have < HEADER_BYTES || !this.#open(this.#header, 0)) return at;
      this.#header.copy(this.#partial);
    }
    const take = Math.min(this.#partial.length - this.#have, chunk.length - at);
    chunk.copy(this.#partial, this.#have, at, at + take);
    this.#have += take;
    if (this.#have === this.#partial.length) {
      const whole = this.#partial;
      this.#partial = EMPTY;
      this.#have = 0;
      this.#deliver(whole, 0);
    }
    return at + take;
  }

  /** Keeps the beginning of a frame until the rest comes. */
  #keep(chunk: Buffer, at: number): void {
    const left = chunk.length - at;
    if (left >= HEADER_BYTES && !this.#open(chunk, at)) return;
    chunk.copy(left >= HEADER_BYTES ? this.#partial : this.#header, 0, at);
    this.#have = left;
  }

  /** Makes room for the frame whose header stands at `at`; false when it may not be that long. */
  #open(from: Buffer, at: number): boolean {
    const length = from.readUInt32LE(at);
    if (length > MAX_FRAME_BYTES) {
      this.#broken = tooLong(length);
      return false;
    }
    this.#partial = Buffer.allocUnsafe(HEADER_BYTES + length);
    return true;
  }

  /** Hands out the whole frame at `at`; returns where the next one begins. */
  #deliver(from: Buffer, at: number): number {
    const view = this.#view;
    const length = from.readUInt32LE(at);
    const headLength = from.readUInt16LE(at + 6);
    view.type = from[at + 4] ?? 0;
    view.call = from.readUInt32LE(at + 8);
    view.buffer = from;
    view.head = at + HEADER_BYTES;
    view.payload = view.head + headLength;
    view.end = view.head + length;
    if (headLength > length) this.#broken = `a head of ${headLength} bytes does not fit in ${length} bytes`;
    else if (from[at + 5] !== 0) this.#broken = `flags must be 0, got ${from[at + 5]}`;
    else this.#broken = this.#sink(view);
    view.buffer = EMPTY;
    return at + HEADER_BYTES + length;
  }
}

function tooLong(length: number): string {
  return `a frame says ${length} bytes, more than ${MAX_FRAME_BYTES}`;
}
