import { describe, expect, test } from "vitest";
import { FrameType } from "../../platform/link/frame.ts";
import { encode } from "./frames.ts";
import { RecordedCall, linked, hello, u32, result, error } from "./linked.ts";

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
    ["an error outside load and init", error(0, 4001, "{}"), "outside LOAD, INIT and HEARTBEAT"],
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
