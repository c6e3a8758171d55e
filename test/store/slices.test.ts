import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { copyOf, joined } from "../../platform/store/slices.ts";

const MB = 1024 * 1024;
const SIZES = [0, 1, MB - 1, MB, MB + 1, 3 * MB + 7];

test.each(SIZES)("a copy of %i bytes is equal and owns its memory", async (size) => {
  const bytes = randomBytes(size + 10).subarray(5, size + 5);
  const copy = await copyOf(bytes);
  expect(bytes.equals(copy)).toBe(true);
  expect(copy.buffer.byteLength).toBe(size);
});

test.each(SIZES)("pieces of %i bytes in all become one in their order", async (size) => {
  const bytes = randomBytes(size);
  const pieces: Buffer[] = [];
  for (let at = 0; at < size; at += 64 * 1024 + 1) pieces.push(bytes.subarray(at, at + 64 * 1024 + 1));
  expect((await joined(pieces, size)).equals(bytes)).toBe(true);
});

test("others are answered between the slices of large bytes", async () => {
  const bytes = randomBytes(4 * MB);
  for (const work of [() => copyOf(bytes), () => joined([bytes, bytes], 8 * MB)]) {
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns += 1;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await work();
    over = true;
    expect(turns).toBeGreaterThan(0);
  }
});
