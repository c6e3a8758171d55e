import { onTestFinished } from "vitest";
import type { FailureKind } from "../../model/failure.ts";
import type { Call, CallMeta } from "../../platform/link/call.ts";
import { FrameType } from "../../platform/link/frame.ts";
import { Link, type LoadMessage } from "../../platform/link/link.ts";
import { encode, frameSource, socketPair, type PlainFrame } from "./frames.ts";

const TOKEN = "token-of-one-time";
export const MESSAGE: LoadMessage = {
  codeRoot: "/opt/function/code",
  handler: "index.handler",
  concurrency: 1,
  environment: {},
  userData: {},
  function: {
    name: "hello",
    version: "latest",
    package: "default",
    projectId: "p",
    instanceId: "one",
    timeoutSeconds: 3,
    memoryMb: 128,
    cpuMillicores: 300,
  },
  credentials: {},
  loadTimeoutMs: 30_000,
  maxResponseBytes: 1000,
};

/** A call that remembers its end. */
export class RecordedCall implements Call {
  readonly requestId: string;
  readonly event: Buffer;
  readonly meta: CallMeta | undefined;
  readonly deadline: number;
  readonly logs: string[] = [];
  readonly logged = { bytes: 0 };
  readonly ended: Promise<{ kind: FailureKind | "ok"; text: string; micros: number; kib: number }>;
  ends = 0;
  #settle: (end: { kind: FailureKind | "ok"; text: string; micros: number; kib: number }) => void = () =>
    undefined;
  constructor(event = "{}", timeoutMs = 5000, meta?: CallMeta) {
    this.requestId = "8a1f0c52-7a58-4f41-a7a5-6d5a1a0ff0a1";
    this.event = Buffer.from(event);
    this.meta = meta;
    this.deadline = performance.now() + timeoutMs;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }
  log(level: number, text: Buffer): void {
    this.logged.bytes += text.length;
    if (text.length < 1000) this.logs.push(`${level} ${text.toString()}`);
  }
  succeed(payload: Buffer, micros: number, kib: number): void {
    this.ends++;
    this.#settle({ kind: "ok", text: payload.toString(), micros, kib });
  }
  fail(kind: FailureKind, payload: Buffer, micros: number, kib: number): void {
    this.ends++;
    this.#settle({ kind, text: payload.toString(), micros, kib });
  }
}

export async function linked(greet = true) {
  const pair = await socketPair();
  onTestFinished(() => pair[Symbol.asyncDispose]());
  const link = new Link(pair.platform, TOKEN);
  onTestFinished(() => link.close());
  const reasons: string[] = [];
  const closed = new Promise<string>((resolve) => {
    link.onClose = (reason) => {
      reasons.push(reason);
      resolve(reason);
    };
  });
  const source = frameSource(pair.instance);
  const send = (...frames: Buffer[]): boolean => pair.instance.write(Buffer.concat(frames));
  if (greet) {
    send(hello());
    await link.hello(1000);
  }
  return { link, source, send, closed, reasons, instance: pair.instance };
}

export function hello(fields: Record<string, unknown> = {}): Buffer {
  const payload = { protocol: 1, token: TOKEN, runtime: "test", version: "1", pid: 1, ...fields };
  return encode(FrameType.Hello, 0, "", JSON.stringify(payload));
}

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}

export function result(call: number, text: string): Buffer {
  return encode(FrameType.Result, call, u32(1500, 2048), text);
}

export function error(call: number, code: number, text: string): Buffer {
  return encode(
    FrameType.Error,
    call,
    Buffer.concat([u32(1500, 2048), Buffer.of(code & 255, code >> 8)]),
    text,
  );
}

export function invokeHead(frame: PlainFrame): { left: number; id: string; meta: string } {
  const end = 5 + (frame.head[4] ?? 0);
  return {
    left: frame.head.readUInt32LE(0),
    id: frame.head.toString("latin1", 5, end),
    meta: frame.head.toString("utf8", end),
  };
}
