import { createHash, randomBytes } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BodyReader } from "../../platform/api/body.ts";
import { GatheredBody } from "../../platform/api/gathered-body.ts";

const KB = 1024;
const LIMIT = 8 * KB * KB;

/** A request whose body lies in the kernel already. */
function arrived(pieces: readonly Buffer[]): IncomingMessage {
  const request = new IncomingMessage(new Socket());
  for (const piece of pieces) request.push(piece);
  request.push(null);
  return request;
}

test("of a body that is there already no more than a part is read in one turn of the event loop", async () => {
  const pieces = Array.from({ length: 64 }, () => randomBytes(64 * KB));
  const request = arrived(pieces);
  let turn = 0;
  let most = 0;
  request.on("data", (chunk: Buffer) => (most = Math.max(most, (turn += chunk.length))));
  const read = new BodyReader().read(request, LIMIT, (body, sha256) => ({ body: Buffer.from(body), sha256 }));
  for (let ended = false; !ended; turn = 0)
    ended = await Promise.race([read.then(() => true), nextTurn(false)]);
  const { body, sha256 } = await read;
  expect(body.equals(Buffer.concat(pieces))).toBe(true);
  expect(sha256).toBe(createHash("sha256").update(body).digest("hex"));
  expect(most).toBeLessThanOrEqual(256 * KB);
});

test.each([0, 1, 255 * KB, 256 * KB, 256 * KB + 1, 3 * KB * KB])(
  "%i bytes are gathered, told or not",
  async (size) => {
    const bytes = randomBytes(size);
    for (const told of [0, size])
      for (const step of [100_000, size + 1]) {
        const body = new GatheredBody(told);
        for (let at = 0; at < size; at += step) body.add(bytes.subarray(at, at + step));
        expect(body.size).toBe(size);
        expect((await body.whole()).equals(bytes)).toBe(true);
        const large = size > 256 * KB;
        expect(body.digest()).toBe(large ? createHash("sha256").update(bytes).digest("hex") : undefined);
      }
  },
);

test("a body that is cut off is refused, and what it held is given back", async () => {
  const reader = new BodyReader({ heldBytes: 600 * KB });
  for (let time = 0; time < 3; time++) {
    const request = new IncomingMessage(new Socket());
    request.headers["content-length"] = String(4 * KB * KB);
    const read = reader.read(request, LIMIT, () => "read");
    request.push(randomBytes(500 * KB));
    await nextTurn();
    request.destroy();
    await expect(read).rejects.toMatchObject({ code: "FSS.0408" });
  }
  await expect(reader.read(arrived([randomBytes(500 * KB)]), LIMIT, () => "read")).resolves.toBe("read");
});
