import { createHash, type Hash } from "node:crypto";
import { joined } from "../store/slices.ts";

/** Bodies beyond this are large. */
const LARGE_BYTES = 256 * 1024;

/**
 * The bytes of a body as they come. A large one is hashed on the way, because at its end that would hold the event loop, and lies in
 * memory that threads share where its length was told: pieces and copies of many megabytes make work for the garbage collector.
 */
export class GatheredBody {
  readonly #told: number;
  #pieces: Buffer[] = [];
  #whole: Buffer | undefined;
  #hash: Hash | undefined;
  #size = 0;

  /** @param told its length, by its sender's word; 0 when that is not known */
  constructor(told: number) {
    this.#told = told;
  }

  get size(): number {
    return this.#size;
  }

  /** Takes what comes next. No more may come than was told. */
  add(chunk: Buffer): void {
    const isLarge = this.#size + chunk.length > LARGE_BYTES;
    if (isLarge && this.#hash === undefined) this.#enlarge();
    this.#keep(chunk);
  }

  /** All that came. */
  whole(): Promise<Buffer> {
    return this.#whole === undefined ? joined(this.#pieces, this.#size) : Promise.resolve(this.#whole);
  }

  /** SHA-256 in hex of a large body; undefined for others. */
  digest(): string | undefined {
    return this.#hash?.digest("hex");
  }

  /** Who sends nothing gets no room. */
  #enlarge(): void {
    this.#hash = createHash("sha256");
    if (this.#told > LARGE_BYTES) this.#whole = Buffer.from(new SharedArrayBuffer(this.#told));
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#size = 0;
    for (const piece of pieces) this.#keep(piece);
  }

  #keep(chunk: Buffer): void {
    this.#hash?.update(chunk);
    if (this.#whole === undefined) this.#pieces.push(chunk);
    else chunk.copy(this.#whole, this.#size);
    this.#size += chunk.length;
  }
}
