import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { AsyncConfig } from "../../platform/store/async-configs.ts";
import type { AsyncRequest } from "../../platform/store/async-requests.ts";
import {
  deliveryRules,
  endOf,
  refusedStart,
  rulesOf,
  type RunEnd,
} from "../../platform/triggers/run-rules.ts";
import { request } from "./support.ts";

beforeAll(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) }));
afterAll(() => void vi.useRealTimers());

const FAILED: RunEnd = { failure: "code", code: 4002, payload: Buffer.from("boom") };
const OVERLOAD: RunEnd = { failure: "overload", code: 4021, payload: Buffer.alloc(0) };

function asked(attempts: number, agoMs = 0): AsyncRequest {
  return { hops: 0, cuts: 0, ...request("a"), attempts, acceptedAt: Date.now() - agoMs };
}

function settings(maxRetries: number, maxAgeSeconds: number): AsyncConfig {
  return { maxRetries, maxAgeSeconds, statusLog: false };
}

/** Milliseconds from the end of a try to the next; undefined when there is none. */
function pause(
  one: AsyncRequest,
  end = FAILED,
  config = settings(3, 86_400),
  retryMs = 1000,
): number | undefined {
  const { status, dueAt = 0 } = endOf(one, end, rulesOf(one, config, false), retryMs);
  return status === "retry" ? dueAt - Date.now() : undefined;
}

test("each retry waits four times as long as the one before, a quarter of an hour at most", () => {
  expect([1, 2, 3, 4].map((attempts) => pause(asked(attempts)))).toEqual([1000, 4000, 16_000, undefined]);
  expect([2, 3].map((attempts) => pause(asked(attempts), FAILED, settings(3, 86_400), 600_000))).toEqual([
    900_000, 900_000,
  ]);
});

test("without settings it is one retry within an hour (guide 3.3.7)", () => {
  const one = asked(1);
  const { retries, expiresAt, recorded } = rulesOf(one, undefined, false);
  expect([retries, expiresAt - one.acceptedAt, recorded]).toEqual([1, 3_600_000, false]);
  expect(rulesOf(one, undefined, true).recorded).toBe(true);
  expect(rulesOf(one, { ...settings(0, 60), statusLog: true }, false).recorded).toBe(true);
});

test("what would be tried again beyond its age has failed; what had no room until then was never started", () => {
  const [retried, old] = [asked(1, 57_000), asked(1, 59_800)];
  expect(pause(retried, FAILED, settings(3, 60))).toBe(1000);
  expect(endOf(old, FAILED, rulesOf(old, settings(3, 60), false), 1000)).toMatchObject({
    status: "failed",
    errorCode: 4002,
    errorMessage: "boom",
  });
  expect(endOf(retried, OVERLOAD, rulesOf(retried, settings(0, 60), false), 1000)).toMatchObject({
    status: "retry",
    uncounted: true,
  });
  expect(endOf(old, OVERLOAD, rulesOf(old, settings(0, 60), false), 1000)).toMatchObject({
    status: "discarded",
    errorCode: 4010,
    errorMessage: expect.stringContaining("max_async_event_age_in_seconds"),
  });
});

test("a delivery is tried nine times within a day", () => {
  const one = asked(8);
  const rules = deliveryRules(one);
  expect([rules.retries, rules.expiresAt - one.acceptedAt]).toEqual([8, 86_400_000]);
  expect(refusedStart(one, rules, one.acceptedAt + 86_399_999)).toBeUndefined();
  expect(refusedStart(one, rules, one.acceptedAt + 86_400_000)).toMatchObject({
    end: { status: "discarded", errorCode: 4010 },
    told: { failure: "overload" },
  });
});

test("ten runs cut off are the last; a cut run that fails is no retry more or less than before", () => {
  const cut = (cuts: number): AsyncRequest => ({ ...asked(cuts + 1), cuts });
  const rules = rulesOf(cut(9), settings(0, 60), false);
  expect(refusedStart(cut(9), rules, Date.now())).toBeUndefined();
  expect(refusedStart(cut(10), rules, Date.now())).toMatchObject({
    end: { id: "a", status: "failed", errorCode: 4213, errorMessage: expect.stringContaining("10 times") },
    told: { failure: "system", code: 4213 },
  });
  expect([{ ...asked(2), cuts: 1 }, asked(2)].map((one) => pause(one))).toEqual([4000, 4000]);
});
