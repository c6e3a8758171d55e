/** Bytes before each piece of output: which stream, three zeros, and the length of the piece, big-endian. */
const HEADER_BYTES = 8;
const STDERR = 2;

/** Takes the two output streams of a container apart, which the engine sends as one. */
export class Demultiplexer {
  readonly #sink: (chunk: Buffer, stream: "stdout" | "stderr") => void;
  #header: Buffer = Buffer.alloc(0);
  #stream: "stdout" | "stderr" = "stdout";
  #left = 0;

  constructor(sink: (chunk: Buffer, stream: "stdout" | "stderr") => void) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    for (let rest = chunk; rest.length > 0;) rest = this.#left > 0 ? this.#piece(rest) : this.#begin(rest);
  }

  #piece(chunk: Buffer): Buffer {
    const piece = chunk.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#sink(piece, this.#stream);
    return chunk.subarray(piece.length);
  }

  #begin(chunk: Buffer): Buffer {
    const missing = HEADER_BYTES - this.#header.length;
    this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#stream = this.#header[0] === STDERR ? "stderr" : "stdout";
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return chunk.subarray(missing);
  }
}
