import { describe, expect, test } from "vitest";
import { FrameType } from "../../platform/link/frame.ts";
import type { RuntimeFailure } from "../../platform/link/runtime-failure.ts";
import { encode } from "./frames.ts";
import { MESSAGE, RecordedCall, linked, u32, result, error, invokeHead } from "./linked.ts";

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

  test("an answer that came in time counts, also when this process stood still past the time", async () => {
    const { link, source, send } = await linked();
    const beat = link.heartbeat(500);
    await source.next();
    send(encode(FrameType.Alive, 0));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    await beat;
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
