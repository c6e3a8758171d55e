import * as fc from "fast-check";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { FrameType, HEADER_BYTES, MAX_FRAME_BYTES } from "../../platform/link/frame.ts";
import { FrameReader } from "../../platform/link/frame-reader.ts";
import { FrameWriter } from "../../platform/link/frame-writer.ts";
import { collector, encode, type PlainFrame } from "./frames.ts";

const anyFrame = fc.record({
  type: fc.integer({ min: 1, max: 13 }),
  call: fc.nat({ max: 0xffffffff }),
  head: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  // Made of a few bytes: thousands that are each drawn by themselves would take most of the time.
  payload: fc
    .tuple(fc.nat({ max: 9000 }), fc.uint8Array({ minLength: 1, maxLength: 40 }))
    .map(([length, bytes]) => Buffer.alloc(length, bytes)),
});

function joined(frames: readonly PlainFrame[]): Buffer {
  return Buffer.concat(frames.map((f) => encode(f.type, f.call, f.head, f.payload)));
}

function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

describe("frame reader", () => {
  test("gives the same frames however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 12 }),
        fc.array(fc.nat({ max: 200_000 }), { maxLength: 30 }),
        (wanted, cuts) => {
          const bytes = joined(wanted);
          const { frames, reader } = collector();
          for (const piece of pieces(bytes, cuts)) expect(reader.push(piece)).toBeUndefined();
          // Comparing large buffers one by one takes a hundred times as long.
          expect(joined(frames).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  test("takes bytes one by one", () => {
    const { frames, reader } = collector();
    for (const byte of encode(FrameType.Log, 7, "\x02", "hello")) reader.push(Buffer.of(byte));
    expect(frames).toEqual([
      { type: FrameType.Log, call: 7, head: Buffer.from("\x02"), payload: Buffer.from("hello") },
    ]);
  });

  test("hands out whole frames where they lie, without a copy", () => {
    const chunk = Buffer.concat([encode(8, 1, "", "a"), encode(8, 2, "", "b")]);
    const seen: ArrayBufferLike[] = [];
    new FrameReader(({ buffer }) => {
      seen.push(buffer.buffer);
      return undefined;
    }).push(chunk);
    expect(seen).toEqual([chunk.buffer, chunk.buffer]);
  });

  test("never throws on random bytes, and stays broken once broken", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (chunks) => {
        const { reader } = collector();
        let broken: string | undefined;
        for (const chunk of chunks) {
          const now = reader.push(Buffer.from(chunk));
          if (broken !== undefined) expect(now).toBe(broken);
          broken = now;
        }
      }),
    );
  });

  test.each([
    ["a length over the limit", lengthOf(MAX_FRAME_BYTES + 1), "more than 6356992"],
    ["a head longer than the frame", headOf(4, 3), "a head of 4 bytes does not fit in 3 bytes"],
    ["flags", flagged(1), "flags must be 0, got 1"],
  ])("fails on %s, whole or cut", (_name, bytes, reason) => {
    expect(collector().reader.push(bytes)).toContain(reason);
    const { reader } = collector();
    reader.push(bytes.subarray(0, 5));
    expect(reader.push(bytes.subarray(5))).toContain(reason);
  });

  test("takes the largest frame and stops after a sink's refusal", () => {
    const { frames, reader } = collector();
    const largest = encode(FrameType.Result, 1, "12345678", Buffer.alloc(MAX_FRAME_BYTES - 8, 1));
    for (const piece of pieces(largest, [3, 12, 70_000, 3_000_000])) reader.push(piece);
    expect(frames[0]?.payload.length).toBe(MAX_FRAME_BYTES - 8);
    let count = 0;
    const refusing = new FrameReader(() => (++count === 2 ? "enough" : undefined));
    expect(refusing.push(Buffer.concat([largest, largest, largest]))).toBe("enough");
    expect(count).toBe(2);
  });
});

describe("frame writer", () => {
  test("has little memory for an instance of few calls, and up to 64 KB for many", () => {
    const writer = new FrameWriter(new PassThrough());
    const sizes = Array.from({ length: 100 }, () => {
      writer.frame(FrameType.Log, 0, Buffer.alloc(0), Buffer.alloc(3000));
      return writer.block.length / 1024;
    });
    expect([...new Set(sizes)]).toEqual([4, 8, 16, 32, 64]);
  });

  test("writes all frames of a turn in one write, byte for byte", async () => {
    const stream = new PassThrough();
    const writer = new FrameWriter(stream);
    const writes: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => writes.push(chunk));
    writer.frame(FrameType.Invoke, 1, Buffer.from("head"), Buffer.from("first"));
    writer.frame(FrameType.Invoke, 2, Buffer.alloc(0), Buffer.from("second"));
    expect(writes).toEqual([]);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(writes).toEqual([
      Buffer.concat([
        encode(FrameType.Invoke, 1, "head", "first"),
        encode(FrameType.Invoke, 2, "", "second"),
      ]),
    ]);
  });

  test("keeps order and bytes for any sizes, also while the stream is full", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 150_000 }), { minLength: 1, maxLength: 12 }), async (sizes) => {
        const stream = new PassThrough({ highWaterMark: 1000 });
        const writer = new FrameWriter(stream);
        const payloads = sizes.map((size, i) => Buffer.alloc(size, i + 1));
        for (const [i, payload] of payloads.entries()) {
          writer.frame(FrameType.Invoke, i + 1, Buffer.from(`h${i}`), payload);
          if (i % 3 === 0) await new Promise(setImmediate);
        }
        const { frames, reader } = collector();
        while (frames.length < payloads.length) {
          const chunk = stream.read() as Buffer | null;
          if (chunk === null) await new Promise(setImmediate);
          else reader.push(chunk);
        }
        expect(frames.map((frame) => [frame.call, frame.head.toString()])).toEqual(
          payloads.map((_, i) => [i + 1, `h${i}`]),
        );
        expect(frames.every((frame, i) => frame.payload.equals(payloads[i] ?? Buffer.of()))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(length, 0);
  return bytes;
}

function headOf(headLength: number, length: number): Buffer {
  const bytes = Buffer.concat([lengthOf(length), Buffer.alloc(length)]);
  bytes.writeUInt16LE(headLength, 6);
  return bytes;
}

function flagged(flags: number): Buffer {
  const bytes = lengthOf(0);
  bytes[5] = flags;
  return bytes;
}
