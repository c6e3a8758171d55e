import type { Duplex } from "node:stream";
import { connect, createServer, type Socket } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { HEADER_BYTES, writeHeader } from "../../platform/link/frame.ts";
import { FrameReader } from "../../platform/link/frame-reader.ts";

/** A frame as tests compare it. */
export interface PlainFrame {
  readonly type: number;
  readonly call: number;
  readonly head: Buffer;
  readonly payload: Buffer;
}

export function encode(
  type: number,
  call: number,
  head: Buffer | string = "",
  payload: Buffer | string = "",
): Buffer {
  const headBytes = Buffer.from(head);
  const payloadBytes = Buffer.from(payload);
  const header = Buffer.alloc(HEADER_BYTES);
  writeHeader(header, 0, {
    type,
    call,
    headLength: headBytes.length,
    payloadLength: payloadBytes.length,
  });
  return Buffer.concat([header, headBytes, payloadBytes]);
}

/** A reader that copies each frame into `frames`. */
export function collector(): { readonly frames: PlainFrame[]; readonly reader: FrameReader } {
  const frames: PlainFrame[] = [];
  const reader = new FrameReader(({ type, call, buffer, head, payload, end }) => {
    frames.push({
      type,
      call,
      head: Buffer.from(buffer.subarray(head, payload)),
      payload: Buffer.from(buffer.subarray(payload, end)),
    });
    return undefined;
  });
  return { frames, reader };
}

/** Both ends of a real Unix socket. */
export async function socketPair(): Promise<{ platform: Socket; instance: Socket } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), "fungraph-link-"));
  const server = createServer();
  server.listen(join(folder, "link"));
  await once(server, "listening");
  const instance = connect(join(folder, "link"));
  const [platform] = (await once(server, "connection")) as [Socket];
  instance.on("error", () => undefined);
  return {
    platform,
    instance,
    async [Symbol.asyncDispose]() {
      platform.destroy();
      instance.destroy();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything the stream brings, as frames; `next` waits for the next one. */
export function frameSource(stream: Duplex): { next(): Promise<PlainFrame> } {
  const { frames, reader } = collector();
  const wakers: (() => void)[] = [];
  stream.on("data", (chunk: Buffer) => {
    reader.push(chunk);
    for (const wake of wakers.splice(0)) wake();
  });
  return {
    async next() {
      for (;;) {
        const frame = frames.shift();
        if (frame !== undefined) return frame;
        await new Promise<void>((resolve) => wakers.push(resolve));
      }
    },
  };
}
