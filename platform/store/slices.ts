import { createHash, hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Work on so many bytes takes a millisecond or two; as Base64 they need no padding, so slices follow each other. */
const SLICE_BYTES = 3 * 256 * 1024;

/** The hash of bytes, hex. Large ones are hashed piece by piece, so that the event loop answers others in between; nobody may change them meanwhile. */
export async function digestOf(algorithm: "md5" | "sha512", bytes: Buffer): Promise<string> {
  if (bytes.length <= SLICE_BYTES) return hash(algorithm, bytes, "hex");
  const digest = createHash(algorithm);
  await eachSlice(bytes, (slice) => digest.update(slice));
  return digest.digest("hex");
}

/** A copy of bytes that owns its memory, made piece by piece. */
export async function copyOf(bytes: Buffer): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes.length <= SLICE_BYTES) return new Uint8Array(bytes);
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  await eachSlice(bytes, (slice, at) => copy.set(slice, at));
  return copy;
}

/** Many pieces as one, made piece by piece. */
export async function joined(pieces: readonly Buffer[], size: number): Promise<Buffer> {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  if (size <= SLICE_BYTES) return Buffer.concat(pieces, size);
  const whole = Buffer.allocUnsafeSlow(size);
  let end = 0;
  let turnEnds = SLICE_BYTES;
  for (const piece of pieces) {
    end += piece.copy(whole, end);
    if (end < turnEnds) continue;
    turnEnds = end + SLICE_BYTES;
    await nextTurn();
  }
  return whole;
}

/** Does work on bytes slice by slice, with turns of the event loop in between. */
export async function eachSlice(bytes: Buffer, work: (slice: Buffer, at: number) => void): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    work(bytes.subarray(at, at + SLICE_BYTES), at);
  }
}
