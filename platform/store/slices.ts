import { setImmediate as nextTurn } from "node:timers/promises";

/** Work on so many bytes takes less than a millisecond. */
const SLICE_BYTES = 768 * 1024;

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
async function eachSlice(bytes: Buffer, work: (slice: Buffer, at: number) => void): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    if (at > 0) await nextTurn();
    work(bytes.subarray(at, at + SLICE_BYTES), at);
  }
}
