import { describe, expect, test } from "vitest";
import { LIMITS } from "../../model/limits.ts";
import { FrameType } from "../../platform/link/frame.ts";
import { encode } from "./frames.ts";
import { RecordedCall, linked, result } from "./linked.ts";

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
    link.log.sink = (_level, text) => {
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
    link.log.sink = (_level, text) => printed.push(text.toString());
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
