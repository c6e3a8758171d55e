import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { gatherDebugLines } from "../../components/internal/debug-lines.ts";

const log = pulumi.log as { debug: (message: string, ...rest: unknown[]) => Promise<void> };
const original = log.debug;
afterEach(() => void (log.debug = original));

test("tells the lines of debugging in order, many in one call", async () => {
  const tell = vi.fn(() => Promise.resolve());
  log.debug = tell;
  gatherDebugLines();
  await Promise.all([log.debug("one"), log.debug("two"), log.debug("three\nand more")]);
  await log.debug("four");
  expect(tell.mock.calls).toEqual([["one\ntwo\nthree\nand more"], ["four"]]);
});

test("tells at once and as such what belongs to a resource or a stream", async () => {
  const tell = vi.fn(() => Promise.resolve());
  log.debug = tell;
  gatherDebugLines();
  await log.debug("of a stream", undefined, 7);
  expect(tell.mock.calls).toEqual([["of a stream", undefined, 7]]);
});
