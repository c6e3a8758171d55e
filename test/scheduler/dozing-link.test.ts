import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CallLink } from "../../platform/link/call-link.ts";
import { DozingLink } from "../../platform/scheduler/dozing-link.ts";

const CALL = {} as Parameters<CallLink["invoke"]>[0];

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

/** A link whose instance is paused and resumed as fast as a promise, unless `step` says otherwise. */
function doze(step: (what: "pause" | "resume") => Promise<void> = () => Promise.resolve()) {
  const steps: string[] = [];
  const broken: unknown[] = [];
  const link = {
    open: true,
    inFlight: 0,
    onClose: undefined,
    onTimeout: undefined,
    invoke: () => void steps.push("call"),
    printed: () => undefined,
    close: () => undefined,
  };
  const does = (what: "pause" | "resume") => () => (steps.push(what), step(what));
  const body = { pause: does("pause"), resume: does("resume") };
  const dozing = new DozingLink(link, body, (error) => broken.push(error));
  return { dozing, link, steps, broken };
}

/** Moves the clock on. */
function later(ms: number): void {
  vi.advanceTimersByTime(ms);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("it is paused a second after its last call, and not before", async () => {
  const { dozing, steps } = doze();
  dozing.doze();
  expect(steps).toEqual([]);
  later(1_000);
  dozing.doze();
  await turn();
  expect([steps, dozing.paused]).toEqual([["pause"], true]);
  dozing.invoke(CALL);
  await turn();
  dozing.doze();
  expect([steps, dozing.paused]).toEqual([["pause", "resume", "call"], false]);
});

test("a call that comes while it is being paused wakes it as soon as it is", async () => {
  const paused = Promise.withResolvers<void>();
  const { dozing, steps } = doze((what) => (what === "pause" ? paused.promise : Promise.resolve()));
  later(1_000);
  dozing.doze();
  dozing.invoke(CALL);
  expect([steps, dozing.dozing]).toEqual([["pause", "call"], true]);
  paused.resolve();
  await turn();
  expect([steps, dozing.dozing]).toEqual([["pause", "call", "resume"], false]);
});

test("while calls run it is not paused, and the second begins when the last one ends", async () => {
  const { dozing, link, steps } = doze();
  link.inFlight = 1;
  later(5_000);
  dozing.doze();
  link.inFlight = 0;
  dozing.doze();
  await turn();
  expect(steps).toEqual([]);
});

test.each(["pause", "resume"] as const)("a %s that fails is told, and no other is tried", async (failing) => {
  const { dozing, steps, broken } = doze((what) =>
    what === failing ? Promise.reject(new Error("the engine is away")) : Promise.resolve(),
  );
  later(1_000);
  dozing.doze();
  await turn();
  dozing.invoke(CALL);
  await turn();
  const before = steps.length;
  later(9_000);
  dozing.doze();
  await turn();
  expect(broken.map(String)).toEqual(["Error: the engine is away"]);
  expect(steps).toHaveLength(before);
});

test("at its end it is woken for good", async () => {
  const { dozing, steps } = doze();
  later(1_000);
  dozing.doze();
  await dozing.end();
  later(9_000);
  dozing.doze();
  await turn();
  expect(steps).toEqual(["pause", "resume"]);
});
