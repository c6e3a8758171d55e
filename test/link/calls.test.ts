import { describe, expect, test } from "vitest";
import { LIMITS } from "../../model/limits.ts";
import type { Call } from "../../platform/link/call.ts";
import { FrameType } from "../../platform/link/frame.ts";
import { encode } from "./frames.ts";
import { MESSAGE, RecordedCall, linked, result } from "./linked.ts";

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

  test("what came before a deadline counts, also when this process stood still past it", async () => {
    const { link, source, send, reasons } = await linked();
    const call = new RecordedCall();
    link.invoke(call);
    const { call: number } = await source.next();
    send(encode(FrameType.Log, number, "\x02", "in time"), result(number, "ok"));
    Object.assign(call, { deadline: performance.now() });
    // Longer than the time between two looks for calls that are late.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    expect(await call.ended).toMatchObject({ kind: "ok", text: "ok" });
    expect(call.logs).toEqual(["2 in time"]);
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
