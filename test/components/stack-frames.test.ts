import { afterEach, expect, test, vi } from "vitest";
import { rememberFrames } from "../../components/internal/stack-frames.ts";

const hooks: { prepareStackTrace?: typeof prepare } = Error;
const original = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
afterEach(() => {
  delete hooks.prepareStackTrace;
  if (original !== undefined) Object.defineProperty(Error, "prepareStackTrace", original);
});

/** As the hook that reads source maps does it: a function is called what its caller calls it. */
const prepare = (error: Error, frames: NodeJS.CallSite[]): string =>
  [
    `${error.name}: ${error.message}`,
    ...frames.map((frame, at) => {
      const caller = frames[at + 1]?.getLineNumber() ?? "nobody";
      // oxlint-disable-next-line typescript/no-base-to-string -- frames have a text of their own
      return `    at called-from-${caller} ${frame.toString()}`;
    }),
  ].join("\n");

function fail(message: string): string {
  return String(new RangeError(message).stack);
}
const here = (): string => fail("here");
const there = (): string => fail("over\nthere");

class Animal {
  speak(): string {
    return fail("of a class");
  }
}
class Dog extends Animal {}

test("makes the same text of every error", () => {
  const deep = (depth: number): string => (depth === 0 ? fail("deep") : deep(depth - 1));
  const makers = [here, there, here, (): string => deep(20)];
  makers.push(...[new Animal(), new Dog()].map((each) => () => each.speak()));
  hooks.prepareStackTrace = prepare;
  const stacks = [0, 1, 2].map((round) => {
    if (round === 1) rememberFrames();
    return makers.map((each) => each());
  });
  expect(stacks[1]).toEqual(stacks[0]);
  expect(stacks[2]).toEqual(stacks[0]);
});

test("asks once for a place that many errors share", () => {
  const asked = vi.fn(prepare);
  hooks.prepareStackTrace = asked;
  rememberFrames();
  const frames = (): number => asked.mock.calls.reduce((sum, [, given]) => sum + given.length, 0);
  const run = (): number => {
    here();
    return frames();
  };
  const counts = Array.from({ length: 5 }, run);
  expect(counts[0]).toBeGreaterThan(0);
  expect(new Set(counts)).toEqual(new Set([counts[0]]));
});

test("leaves errors alone where there is no hook", () => {
  delete hooks.prepareStackTrace;
  rememberFrames();
  expect(hooks.prepareStackTrace).toBeUndefined();
});

test("leaves it to a hook that wants the frames themselves", () => {
  Object.defineProperty(Error, "prepareStackTrace", {
    value: (_error: Error, frames: NodeJS.CallSite[]) => frames.length,
    writable: true,
    configurable: true,
  });
  rememberFrames();
  expect(new Error("of which nobody reads a text").stack).toBeGreaterThan(0);
});
