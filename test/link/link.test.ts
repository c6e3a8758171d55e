import { describe, expect, onTestFinished, test } from "vitest";
import type { FailureKind } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Call, CallMeta } from "../../platform/link/call.ts";
import { FrameType } from "../../platform/link/frame.ts";
import { Link, type LoadMessage } from "../../platform/link/link.ts";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import { encode, frameSource, socketPair, type PlainFrame } from "./frames.ts";

const TOKEN = "token-of-one-time";
const MESSAGE: LoadMessage = {
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
    timeoutSeconds: 3,
    memoryMb: 128,
    cpuMillicores: 300,
  },
  credentials: {},
  maxResponseBytes: 1000,
};

/** A call that remembers its end. */
class RecordedCall implements Call {
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

async function linked(greet = true) {
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

function hello(fields: Record<string, unknown> = {}): Buffer {
  const payload = { protocol: 1, token: TOKEN, runtime: "test", version: "1", pid: 1, ...fields };
  return encode(FrameType.Hello, 0, "", JSON.stringify(payload));
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
}

function result(call: number, text: string): Buffer {
  return encode(FrameType.Result, call, u32(1500, 2048), text);
}

function error(call: number, code: number, text: string): Buffer {
  return encode(
    FrameType.Error,
    call,
    Buffer.concat([u32(1500, 2048), Buffer.of(code & 255, code >> 8)]),
    text,
  );
}

function invokeHead(frame: PlainFrame): { left: number; id: string; meta: string } {
  const end = 5 + (frame.head[4] ?? 0);
  return {
    left: frame.head.readUInt32LE(0),
    id: frame.head.toString("latin1", 5, end),
    meta: frame.head.toString("utf8", end),
  };
}

describe("a life", () => {
  test("hello, load, init, invoke, log, result, error, heartbeat, stop", async () => {
    const { link, source, send, closed } = await linked();
    const loading = link.load(MESSAGE, 1000);
    const load = await source.next();
    expect(load.type).toBe(FrameType.Load);
    expect(JSON.parse(load.payload.toString())).toEqual(MESSAGE);
    send(encode(FrameType.Loaded, 0));
    await loading;
    const initializing = link.init(1000);
    expect((await source.next()).type).toBe(FrameType.Init);
    send(encode(FrameType.Initialized, 0));
    await initializing;

    const good = new RecordedCall('{"a":1}', 3000, { alias: "live", invokeType: "sync" });
    const bad = new RecordedCall("2");
    link.invoke(good);
    link.invoke(bad);
    expect(link.inFlight).toBe(2);
    const first = await source.next();
    const second = await source.next();
    expect(first.payload.toString()).toBe('{"a":1}');
    expect(invokeHead(first)).toMatchObject({
      id: good.requestId,
      meta: JSON.stringify({ alias: "live", invokeType: "sync" }),
    });
    expect(invokeHead(first).left).toBeGreaterThan(2000);
    expect(invokeHead(second).meta).toBe("");
    send(
      encode(FrameType.Log, first.call, "\x02", "line"),
      result(first.call, "done"),
      error(second.call, 4002, "{}"),
    );
    expect(await good.ended).toEqual({ kind: "ok", text: "done", micros: 1500, kib: 2048 });
    expect(good.logs).toEqual(["2 line"]);
    expect(await bad.ended).toEqual({ kind: "code", text: "{}", micros: 1500, kib: 2048 });
    expect(link.inFlight).toBe(0);

    const beat = link.heartbeat(1000);
    expect((await source.next()).type).toBe(FrameType.Heartbeat);
    send(encode(FrameType.Alive, 0));
    await beat;
    const stopping = link.stop(2000);
    expect((await source.next()).head).toEqual(u32(2000));
    send(encode(FrameType.Stopped, 0));
    await stopping;
    link.close();
    expect(await closed).toBe("the instance was ended");
    expect(link.open).toBe(false);
  });

  test("load and init fail with the instance's body, or by time", async () => {
    const { link, send } = await linked();
    const loading = link.load(MESSAGE, 1000);
    send(error(0, 4001, '{"errorMessage":"no"}'));
    await expect(loading).rejects.toMatchObject({ kind: "load", body: Buffer.from('{"errorMessage":"no"}') });
    await expect(link.load(MESSAGE, 20)).rejects.toMatchObject({ kind: "load" });
    const initializing = link.init(1000);
    send(error(0, 4009, "{}"));
    await expect(initializing).rejects.toMatchObject({ kind: "init" });
    const late = await link.init(20).catch((failure: RuntimeFailure) => failure);
    expect(late).toMatchObject({ kind: "init-timeout", message: "the initializer did not end within 20 ms" });
  });

  test("a waiting load or hello fails when the instance dies", async () => {
    const { link, instance } = await linked();
    const loading = link.load(MESSAGE, 5000);
    instance.destroy();
    await expect(loading).rejects.toMatchObject({ kind: "crash", message: "the instance exited" });
    await expect(link.init(10)).rejects.toMatchObject({ kind: "crash" });
    const other = await linked(false);
    await expect(other.link.hello(20)).rejects.toMatchObject({ kind: "system" });
  });
});

describe("calls", () => {
  test("a call past its deadline fails with timeout; its late answer is ignored and touches no other call", async () => {
    const { link, source, send, reasons } = await linked();
    const expired: Call[] = [];
    link.onTimeout = (call) => expired.push(call);
    const slow = new RecordedCall("1", 30);
    link.invoke(slow);
    const first = await source.next();
    const end = await slow.ended;
    expect(end.kind).toBe("timeout");
    expect(JSON.parse(end.text)).toMatchObject({
      errorMessage: "invocation timed out: no result within 30 ms",
      stackTrace: [],
    });
    expect(expired).toEqual([slow]);
    const next = new RecordedCall("2");
    link.invoke(next);
    const second = await source.next();
    expect(second.call).not.toBe(first.call);
    send(
      encode(FrameType.Log, first.call, "\x02", "late"),
      result(first.call, "late"),
      result(second.call, "ok"),
    );
    expect((await next.ended).text).toBe("ok");
    expect(slow.ends).toBe(1);
    expect(slow.logs).toEqual([]);
    expect(reasons).toEqual([]);
  });

  test("the end of the stream fails calls in flight with crash, once", async () => {
    const { link, source, instance, closed } = await linked();
    const calls = [new RecordedCall(), new RecordedCall()];
    for (const call of calls) link.invoke(call);
    await source.next();
    instance.end();
    expect((await Promise.all(calls.map((call) => call.ended))).map((end) => end.kind)).toEqual([
      "crash",
      "crash",
    ]);
    expect(await closed).toBe("the instance exited");
    const after = new RecordedCall();
    link.invoke(after);
    expect(await after.ended).toMatchObject({ kind: "system" });
    expect(calls.map((call) => call.ends)).toEqual([1, 1]);
  });

  test("onEnd lets the owner say why before the calls fail", async () => {
    const { link, source, instance } = await linked();
    link.onEnd = () => setTimeout(() => link.close("memory", "the memory limit of 128 MB was exceeded"), 10);
    const call = new RecordedCall();
    link.invoke(call);
    await source.next();
    instance.destroy();
    const end = await call.ended;
    expect(end.kind).toBe("memory");
    expect(JSON.parse(end.text)).toMatchObject({ errorMessage: "the memory limit of 128 MB was exceeded" });
  });

  test("results and events over the limits are refused", async () => {
    const { link, source, send } = await linked();
    const loading = link.load(MESSAGE, 1000);
    send(encode(FrameType.Loaded, 0));
    await loading;
    await source.next();
    const call = new RecordedCall();
    link.invoke(call);
    send(result((await source.next()).call, "x".repeat(1001)));
    expect(await call.ended).toMatchObject({ kind: "too-large" });
    const big = new RecordedCall("x".repeat(LIMITS.requestBytes + 65 * 1024));
    link.invoke(big);
    expect((await big.ended).kind).toBe("system");
    expect(link.open).toBe(true);
  });

  test("a call may hand over the next one while it ends; 20,000 calls each end once", async () => {
    const { link, source, send } = await linked();
    let left = 20_000;
    const all = Promise.withResolvers<void>();
    class Chained extends RecordedCall {
      override succeed(payload: Buffer, micros: number, kib: number): void {
        super.succeed(payload, micros, kib);
        if (--left === 0) all.resolve();
        else if (left >= 64) link.invoke(new Chained(String(left)));
      }
    }
    void (async () => {
      for (;;) {
        const frame = await source.next();
        send(result(frame.call, frame.payload.toString()));
      }
    })();
    for (let i = 0; i < 64; i++) link.invoke(new Chained(String(i)));
    await all.promise;
    expect(link.inFlight).toBe(0);
  });
});

describe("log", () => {
  test("a flood of 100 MB is counted, not kept, and told in one last line", async () => {
    const { link, source, send, instance } = await linked();
    const call = new RecordedCall("{}", 30_000);
    link.invoke(call);
    const { call: number } = await source.next();
    const line = Buffer.alloc(LIMITS.logLineBytes, 120);
    const lines = Math.ceil((100 * 1024 * 1024) / line.length);
    for (let i = 0; i < lines; i++) {
      if (!send(encode(FrameType.Log, number, "\x02", line)))
        await new Promise((resolve) => instance.once("drain", resolve));
    }
    send(result(number, ""));
    await call.ended;
    const kept = Math.floor(LIMITS.logBytesPerInvocation / line.length);
    expect(call.logs).toEqual([
      `3 ${(lines - kept) * line.length} bytes of log were dropped: one invocation keeps ${LIMITS.logBytesPerInvocation} bytes`,
    ]);
    expect(call.logged.bytes).toBeLessThan(LIMITS.logBytesPerInvocation + 200);
  });

  test("the instance's own log has the same limit, anew after each call", async () => {
    const { link, source, send } = await linked();
    let bytes = 0;
    const last: string[] = [];
    link.onInstanceLog = (_level, text) => {
      bytes += text.length;
      if (text.length < 1000) last.push(text.toString());
    };
    const line = Buffer.alloc(LIMITS.logLineBytes, 120);
    for (let i = 0; i < 60; i++) send(encode(FrameType.Log, 0, "\x00", line));
    const beat = link.heartbeat(5000);
    send(encode(FrameType.Alive, 0));
    await beat;
    expect(bytes).toBeLessThanOrEqual(LIMITS.logBytesPerInvocation);
    await source.next();
    link.invoke(new RecordedCall());
    expect(last[0]).toContain("bytes of log were dropped");
    send(encode(FrameType.Log, 0, "\x01", "again"), result((await source.next()).call, ""));
    await expect.poll(() => last.at(-1)).toBe("again");
  });
});

describe("what the instance prints past the protocol", () => {
  test("belongs to the running call when exactly one runs, else to the instance", async () => {
    const { link, source, send } = await linked();
    const printed: string[] = [];
    link.onInstanceLog = (_level, text) => printed.push(text.toString());
    link.printed(0, Buffer.from("idle"));
    const one = new RecordedCall();
    link.invoke(one);
    link.printed(0, Buffer.from("alone"));
    const two = new RecordedCall();
    link.invoke(two);
    link.printed(0, Buffer.from("which"));
    send(result((await source.next()).call, ""), result((await source.next()).call, ""));
    await Promise.all([one.ended, two.ended]);
    expect({ printed, one: one.logs, two: two.logs }).toEqual({
      printed: ["idle", "which"],
      one: ["0 alone"],
      two: [],
    });
  });
});

describe("a peer that breaks the rules loses the link, and calls in flight fail with crash", () => {
  test.each<[string, Buffer, string]>([
    ["an unknown type", encode(99, 0), "no frame of type 99"],
    ["the platform's own type", encode(FrameType.Invoke, 0), "no frame of type 6"],
    ["HELLO twice", hello(), "carries nothing"],
    ["a result for call 0", encode(FrameType.Result, 0, u32(0, 0)), "carries nothing"],
    ["an unknown call", result(77, ""), "no call has the number 77"],
    ["a log of an unknown call", encode(FrameType.Log, 77, "\x01", "x"), "no call has the number 77"],
    ["a level that is none", encode(FrameType.Log, 0, "\x09", "x"), "a level from 0 to 4"],
    ["a log line over the limit", encode(FrameType.Log, 0, "\x01", Buffer.alloc(92_161)), "92160"],
    ["LOADED unasked", encode(FrameType.Loaded, 0), "not asked for"],
    ["STOPPED unasked", encode(FrameType.Stopped, 0), "STOPPED without STOP"],
    ["an error outside load and init", error(0, 4001, "{}"), "outside LOAD and INIT"],
    ["a short head", encode(FrameType.Error, 0, "123"), "a head of 10 bytes"],
  ])("%s", async (_name, bytes, reason) => {
    const { link, send, closed, source } = await linked();
    const call = new RecordedCall();
    link.invoke(call);
    await source.next();
    send(bytes);
    expect(await closed).toContain(reason);
    expect((await call.ended).kind).toBe("crash");
    expect(link.open).toBe(false);
  });

  test.each<[string, Buffer, string]>([
    ["a wrong token", hello({ token: "other" }), "a wrong token"],
    ["no token", hello({ token: 5 }), "a wrong token"],
    ["another protocol", hello({ protocol: 2 }), "must speak protocol 1"],
    ["no JSON", encode(FrameType.Hello, 0, "", "{"), "carries no JSON"],
    ["no object", encode(FrameType.Hello, 0, "", "null"), "carries no object"],
    ["another first frame", encode(FrameType.Log, 0, "\x01", "x"), "must be HELLO"],
  ])("%s at the door", async (_name, bytes, reason) => {
    const { link, send } = await linked(false);
    const greeting = link.hello(1000);
    send(bytes);
    await expect(greeting).rejects.toMatchObject({
      kind: "crash",
      message: expect.stringContaining(reason) as string,
    });
  });

  test("answering one call twice", async () => {
    const { link, send, closed, source } = await linked();
    const call = new RecordedCall();
    link.invoke(call);
    const { call: number } = await source.next();
    send(result(number, "1"), result(number, "2"));
    expect(await closed).toContain("no call has the number");
    expect(call.ends).toBe(1);
    expect((await call.ended).text).toBe("1");
  });
});
