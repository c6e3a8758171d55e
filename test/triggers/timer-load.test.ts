import { afterEach, expect, test, vi } from "vitest";
import { nextFire, parseSchedule, type Schedule } from "../../model/schedule.ts";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";
import type { TriggerRecord } from "../../platform/store/triggers.ts";
import { Timers } from "../../platform/triggers/timers.ts";
import { HELLO } from "./support.ts";

const TIMERS = 10_000;
const SPAN = 1_200_000;
const START = Date.UTC(2026, 2, 1, 12, 0, 0, 500);

afterEach(() => vi.useRealTimers());

/** Cron, intervals and rates of all kinds, spread over the hour. */
function scheduleOf(at: number): { schedule_type: "Cron" | "Rate"; schedule: string } {
  const [second, minute] = [at % 60, Math.floor(at / 60) % 60];
  if (at % 4 === 0) return { schedule_type: "Rate", schedule: `${10 + (at % 50)}m` };
  if (at % 4 === 1) return { schedule_type: "Cron", schedule: `@every ${60 + (at % 600)}s` };
  if (at % 4 === 2) return { schedule_type: "Cron", schedule: `${second} ${minute} * * * ?` };
  return { schedule_type: "Cron", schedule: `${second} */15 * * * ?` };
}

function record(at: number): TriggerRecord {
  const spec = { type: "TIMER", status: "ACTIVE", eventData: { name: "t", ...scheduleOf(at) } } as const;
  // Made at different times, as they are.
  const made = START - (at % 1000) * 1000;
  return { id: String(at), key: HELLO, qualifier: "latest", spec, createdAt: made, modifiedAt: made };
}

function expectedOf(schedule: Schedule, made: number, from: number, to: number): number[] {
  const times: number[] = [];
  let after = from;
  for (;;) {
    const due = nextFire(schedule, after, { start: made, timeZone: "Asia/Shanghai" });
    if (due === undefined || due > to) return times;
    times.push(due);
    after = due;
  }
}

test("of ten thousand timers none fires late, twice or never, in twenty minutes of a virtual clock", () => {
  vi.useFakeTimers({ now: START, toFake: ["setTimeout", "clearTimeout", "Date"] });
  const records = Array.from({ length: TIMERS }, (_, at) => record(at));
  const fired = new Map<string, number[]>();
  const queue = {
    accept(_: readonly NewAsyncRequest[], fires: readonly { triggerId: string }[]): undefined {
      for (const { triggerId } of fires) {
        const times = fired.get(triggerId) ?? [];
        times.push(Date.now());
        fired.set(triggerId, times);
      }
    },
  };
  const triggers = {
    all: () => records,
    list: () => [],
  };
  // All have fired a moment ago, so that none is missed at the start.
  const asyncRequests = { lastFires: () => new Map(records.map(({ id }) => [id, START])) };
  const store = { triggers: triggers as never, asyncRequests, onChange: () => undefined };
  const timers = new Timers({ store, queue, timeZone: "Asia/Shanghai" });
  void timers.start();
  vi.advanceTimersByTime(SPAN);
  timers.close();
  for (const { id, modifiedAt, spec } of records) {
    const data = spec.eventData as ReturnType<typeof scheduleOf>;
    const schedule = parseSchedule(data.schedule_type, data.schedule) as Schedule;
    expect(fired.get(id) ?? [], data.schedule).toEqual(expectedOf(schedule, modifiedAt, START, START + SPAN));
  }
});
