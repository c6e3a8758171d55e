import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { MetricRow, MetricStore } from "../../platform/store/metrics.ts";
import { Retention } from "../../platform/store/retention.ts";
import { STORES } from "./stores.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const KEPT = 31 * DAY;
const START = Date.parse("2026-03-01T00:00:00Z");

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date", "performance"], now: START }));
afterEach(() => void vi.useRealTimers());

/** Looks each minute for so long; the last answer. */
function look(retention: Retention, oldest: number, ms: number): number {
  let end = -Infinity;
  for (let left = ms; left > 0; left -= MINUTE) {
    vi.advanceTimersByTime(MINUTE);
    end = retention.end(oldest);
  }
  return end;
}

describe("what is too old", () => {
  test("by a clock that is right is all that is older than it is kept", () => {
    const retention = new Retention(KEPT);
    expect(look(retention, START - KEPT, 10 * MINUTE)).toBe(START - KEPT + 10 * MINUTE);
  });

  test("by a clock that is a month ahead for an hour is a day of it", () => {
    const retention = new Retention(KEPT);
    const oldest = START - KEPT;
    look(retention, oldest, 10 * MINUTE);
    vi.setSystemTime(Date.now() + KEPT);
    expect(look(retention, oldest, HOUR)).toBeLessThanOrEqual(oldest + 10 * MINUTE + DAY);
    vi.setSystemTime(Date.now() - KEPT);
    expect(look(retention, oldest, MINUTE)).toBe(START - KEPT + HOUR + 11 * MINUTE);
  });

  test("by a clock that jumps after a long time in which nobody looked is no more than a day", () => {
    const retention = new Retention(KEPT);
    retention.end(START - KEPT);
    vi.advanceTimersByTime(30 * DAY);
    vi.setSystemTime(Date.now() + KEPT);
    expect(retention.end(START - KEPT)).toBe(START - KEPT + DAY);
  });

  test("of a time when nobody looked goes a day in an hour", () => {
    const retention = new Retention(KEPT);
    const oldest = START - KEPT - 2 * DAY;
    expect(look(retention, oldest, HOUR)).toBe(oldest + DAY);
    expect(look(retention, oldest, 2 * HOUR)).toBe(START - KEPT + 3 * HOUR);
  });

  test("from a clock that was decades behind does not keep the rest from growing old", () => {
    vi.setSystemTime(0);
    const retention = new Retention(KEPT);
    look(retention, 0, 5 * MINUTE);
    vi.setSystemTime(START);
    look(retention, 0, 32 * HOUR);
    expect(look(retention, START - KEPT, 2 * HOUR)).toBe(Date.now() - KEPT);
  });
});

function rowAt(time: number): MetricRow {
  const none = { failCount: 0, rejectCount: 0, systemFailCount: 0, reservedInstances: 0, gbSeconds: 0 };
  const durations = { durationSum: 1, durationMax: 1, durationMin: 1 };
  const counts = { ...none, ...durations, count: 1, concurrencyMax: 1, onDemandInstances: 1 };
  return { functionKey: "p1/default/demo", version: "latest", minute: time / MINUTE, ...counts };
}

async function daysOf(metrics: MetricStore): Promise<number[]> {
  const rows = await metrics.query("p1/default/demo", 0, START / MINUTE + 100 * 24 * 60);
  return rows.map(({ minute }) => (minute * MINUTE - START) / DAY);
}

describe.each(STORES)("metrics over $kind", ({ open }) => {
  test("are kept for 31 days, and go by no clock that jumps", async () => {
    await using it = await open();
    const { metrics } = it.store;
    metrics.add([-31, -30, -1].map((day) => rowAt(START + day * DAY)));
    expect(await daysOf(metrics)).toEqual([-31, -30, -1]);
    vi.setSystemTime(START + KEPT);
    vi.advanceTimersByTime(MINUTE);
    metrics.add([rowAt(START + KEPT)]);
    expect(await daysOf(metrics)).toEqual([-30, -1, 31]);

    vi.setSystemTime(START);
    vi.advanceTimersByTime(HOUR);
    metrics.add([rowAt(START)]);
    expect(await daysOf(metrics)).toEqual([-30, -1, 0, 31]);
    vi.setSystemTime(START + DAY);
    vi.advanceTimersByTime(2 * HOUR);
    metrics.add([rowAt(START + DAY)]);
    expect(await daysOf(metrics)).toEqual([-1, 0, 1, 31]);
  });
});
