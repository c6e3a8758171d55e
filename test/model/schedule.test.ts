import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cron } from "../../model/cron.ts";
import { offsetAt } from "../../model/time-zone.ts";
import { nextFire, parseSchedule, type Schedule } from "../../model/schedule.ts";

function schedule(text: string, type: "Rate" | "Cron" = "Cron"): Schedule {
  const read = parseSchedule(type, text);
  if (Array.isArray(read)) throw new Error(JSON.stringify(read));
  return read;
}

function rules(text: string, type: "Rate" | "Cron" = "Cron"): string[] {
  const read = parseSchedule(type, text);
  if (!Array.isArray(read)) return [];
  for (const fault of read)
    expect(fault).toMatchObject({ property: "schedule", value: text, code: "FSS.1109" });
  return read.map((fault) => `${fault.rule}. ${fault.fix}`);
}

/** The next fires as ISO texts. */
function fires(text: string, after: string, timeZone = "UTC", count = 4): string[] {
  const read = schedule(text);
  const found: string[] = [];
  for (let at = Date.parse(after); found.length < count;) {
    const next = nextFire(read, at, { start: 0, timeZone });
    if (next === undefined) break;
    found.push(new Date(next).toISOString().replace(".000Z", "Z"));
    at = next;
  }
  return found;
}

function minutes(field: string): readonly number[] {
  const read = schedule(`0 ${field} * * * ?`);
  return read.kind === "cron" ? read.cron.minute.values : [];
}

describe("rates", () => {
  test.each([
    ["1m", 60_000],
    ["60m", 3_600_000],
    ["24h", 86_400_000],
    ["30d", 2_592_000_000],
  ])("%s", (text, milliseconds) => {
    expect(schedule(text, "Rate")).toEqual({ kind: "every", milliseconds });
  });

  test.each(["0m", "61m", "25h", "31d"])("fails on %s with the limit", (text) => {
    expect(rules(text, "Rate").join()).toMatch(/is from 1 to (60|24|30)\. Write "\d+[mhd]"/);
  });

  test.each(["", "3", "m", "3s", "1.5h", "-1m", "3 m", "@every 3m"])("fails on %j", (text) => {
    expect(rules(text, "Rate").join()).toContain("a whole number and m, h or d");
  });
});

describe("@every", () => {
  test.each([
    ["@every 30m", 1_800_000],
    ["@every 1.5h", 5_400_000],
    ["@every 2h30m", 9_000_000],
    ["@every 100ms", 100],
    ["@every 1s500ms", 1_500],
    ["@every 250000us", 250],
    ["@every 250000µs", 250],
    ["@every 250000μs", 250],
    ["@every 200000000ns", 200],
    ["@every .5s", 500],
    [" @every  1m ", 60_000],
  ])("%s", (text, milliseconds) => {
    expect(schedule(text)).toEqual({ kind: "every", milliseconds });
  });

  test.each([
    "@every",
    "@every 5",
    "@every 1d",
    "@every -1m",
    "@every 1h 30m",
    "@every 1hm",
    "@daily",
    "@every1m",
  ])("fails on %s", (text) => {
    expect(rules(text).join()).toContain("an interval is @every");
  });

  test.each(["@every 0s", "@every 99ms", "@every 1ns"])("fails on %s, which is too short", (text) => {
    expect(rules(text)).toEqual(['an interval is at least 100 ms. Write "@every 100ms" or more.']);
  });

  test("counts from its start, so that a restart keeps the beat", () => {
    const every = schedule("@every 1m");
    const clock = { start: 1_000, timeZone: "UTC" };
    expect(nextFire(every, 0, clock)).toBe(61_000);
    expect(nextFire(every, 1_000, clock)).toBe(61_000);
    expect(nextFire(every, 60_999, clock)).toBe(61_000);
    expect(nextFire(every, 61_000, clock)).toBe(121_000);
    expect(nextFire(every, 10_000_000, clock)).toBe(10_021_000);
  });

  test("is strictly later than any time, by no more than one interval", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 1e9 }),
        fc.nat(2 ** 40),
        fc.nat(2 ** 40),
        (milliseconds, start, later) => {
          const after = start + later;
          const next = nextFire({ kind: "every", milliseconds }, after, { start, timeZone: "UTC" }) ?? 0;
          expect(next).toBeGreaterThan(after);
          expect(next - after).toBeLessThanOrEqual(milliseconds);
          expect((next - start) % milliseconds).toBe(0);
        },
      ),
    );
  });
});

describe("the guide's own examples", () => {
  test.each([
    ["0 15 2 * * ?", "2026-11-21T02:15:00Z", ["2026-11-22T02:15:00Z", "2026-11-23T02:15:00Z"]],
    ["0 30 8 ? * Mon-Fri", "2026-11-20T09:00:00Z", ["2026-11-23T08:30:00Z", "2026-11-24T08:30:00Z"]],
    ["0 45 7 1-3 * ?", "2026-11-03T07:00:00Z", ["2026-11-03T07:45:00Z", "2026-12-01T07:45:00Z"]],
    ["0 0/3 * ? * Mon,Wed,Fri,Sun", "2026-11-20T23:55:00Z", ["2026-11-20T23:57:00Z", "2026-11-22T00:00:00Z"]],
    ["0 0/3 9-18 ? * Mon-Fri", "2026-11-20T18:56:00Z", ["2026-11-20T18:57:00Z", "2026-11-23T09:00:00Z"]],
    ["0 0/30 * * * ?", "2026-11-21T23:29:59Z", ["2026-11-21T23:30:00Z", "2026-11-22T00:00:00Z"]],
    ["0 1/3 * * * ?", "2026-11-21T00:00:00Z", ["2026-11-21T00:01:00Z", "2026-11-21T00:04:00Z"]],
    ["0 0 0 1 Jan,Apr,Jul,Oct ?", "2026-04-02T00:00:00Z", ["2026-07-01T00:00:00Z", "2026-10-01T00:00:00Z"]],
  ])("%s", (text, after, expected) => {
    expect(fires(text, after, "UTC", 2)).toEqual(expected);
  });
});

describe("cron", () => {
  test("the day of the week may be left out", () => {
    expect(fires("0 0 12 * *", "2026-01-01T00:00:00Z", "UTC", 1)).toEqual(["2026-01-01T12:00:00Z"]);
  });

  test("names may have any case and stand in ranges with steps", () => {
    expect(schedule("0 0 0 ? JAN-dec/3 sUn")).toEqual(schedule("0 0 0 ? 1-12/3 0"));
  });

  test("n/m counts to the end, a-b/m to b, */m from the least value", () => {
    expect(minutes("50/4")).toEqual([50, 54, 58]);
    expect(minutes("10-20/4")).toEqual([10, 14, 18]);
    expect(minutes("*/25")).toEqual([0, 25, 50]);
    expect(minutes("5,1-3,5,2")).toEqual([1, 2, 3, 5]);
    expect(minutes("7/90")).toEqual([7]);
  });

  test("with both days restricted, a day that fits either fires", () => {
    expect(fires("0 0 0 13 * Fri", "2026-11-01T00:00:00Z", "UTC", 3)).toEqual([
      "2026-11-06T00:00:00Z",
      "2026-11-13T00:00:00Z",
      "2026-11-20T00:00:00Z",
    ]);
  });

  test.each([
    ["", /has 0 fields/],
    ["0 0 0 1", /has 4 fields/],
    ["0 0 0 1 1 ? 2026", /has 7 fields/],
    ["60 0 0 * * ?", /^second: "60" is not one of 0-59\. Write "0"/],
    ["0 0 24 * * ?", /^hour: "24" is not one of 0-23/],
    ["0 0 0 0 * ?", /^day of month: "0" is not one of 1-31/],
    ["0 0 0 * 13 ?", /^month: "13" is not one of 1-12 or jan-dec/],
    ["0 0 0 ? * 7", /^day of week: "7" is not one of 0-6 or sun-sat/],
    ["0 0 0 ? * Monday", /^day of week: "Monday" is not one of/],
    ["0 Mon 0 * * ?", /^minute: "Mon" is not one of 0-59\./],
    ["? 0 0 * * ?", /^second: "\?" may stand for the day/],
    ["0 0 0 * ? ?", /^month: "\?" may stand for the day/],
    ["0 0 0 ?/2 * ?", /^day of month: "\?\/2" is not a value, a range, or a step/],
    ["0 0 0 L * ?", /^day of month: "L" is not one of/],
    ["0 1/0 0 * * ?", /^minute: a step cannot be 0/],
    ["0 1- 0 * * ?", /^minute: "1-" is not a value/],
    ["0 1,,2 0 * * ?", /^minute: "" is not a value/],
    ["0 *-5 0 * * ?", /^minute: "\*-5" is not a value/],
    ["0 -1 0 * * ?", /^minute: "-1" is not a value/],
    ["0 0 22-2 * * ?", /^hour: the range "22-2" runs backwards\. Write "22-23,0-2"/],
    ["0 0 0 ? * Sat-Sun", /runs backwards\. Write "6,0" for/],
  ])("fails on %j", (text, expected) => {
    expect(rules(text).join("\n")).toMatch(expected);
  });

  test("tells the faults of all fields at once", () => {
    expect(rules("60 60 24 32 13 8")).toHaveLength(6);
  });

  test.each(["0 0 0 31 2 ?", "* * * 30 Feb ?", "0 0 0 31 4,6,9,11 *"])(
    "%s never fires, and says so",
    (text) => {
      expect(fires(text, "2026-01-01T00:00:00Z", "Europe/Berlin")).toEqual([]);
    },
  );

  test("29 February is found over a century without a leap day", () => {
    expect(fires("0 0 0 29 2 ?", "2096-03-01T00:00:00Z", "UTC", 1)).toEqual(["2104-02-29T00:00:00Z"]);
  });

  test("an unknown zone is refused by name", () => {
    expect(() => fires("0 0 0 * * ?", "2026-01-01T00:00:00Z", "Mars/Base")).toThrow(RangeError);
  });
});

describe("where clocks change", () => {
  // Berlin: 2026-03-29 02:00 → 03:00 at 01:00Z; 2026-10-25 03:00 → 02:00 at 01:00Z.
  test("a local time that is left out fires when the clock jumps over it", () => {
    expect(fires("0 30 2 * * ?", "2026-03-28T00:00:00Z", "Europe/Berlin", 3)).toEqual([
      "2026-03-28T01:30:00Z",
      "2026-03-29T01:00:00Z",
      "2026-03-30T00:30:00Z",
    ]);
  });

  test("several left-out times fire once", () => {
    expect(fires("0 0/20 2 * * ?", "2026-03-29T00:00:00Z", "Europe/Berlin", 2)).toEqual([
      "2026-03-29T01:00:00Z",
      "2026-03-30T00:00:00Z",
    ]);
  });

  test("a local time that comes twice fires the first time", () => {
    expect(fires("0 30 2 * * ?", "2026-10-24T12:00:00Z", "Europe/Berlin", 2)).toEqual([
      "2026-10-25T00:30:00Z",
      "2026-10-26T01:30:00Z",
    ]);
    expect(fires("0 30 2 * * ?", "2026-10-25T01:10:00Z", "Europe/Berlin", 1)).toEqual([
      "2026-10-26T01:30:00Z",
    ]);
  });

  test("an expression of every hour keeps its pace through both changes", () => {
    expect(fires("0 0/30 * * * ?", "2026-03-29T00:00:00Z", "Europe/Berlin")).toEqual([
      "2026-03-29T00:30:00Z",
      "2026-03-29T01:00:00Z",
      "2026-03-29T01:30:00Z",
      "2026-03-29T02:00:00Z",
    ]);
    expect(fires("0 0/30 * * * ?", "2026-10-25T00:00:00Z", "Europe/Berlin")).toEqual([
      "2026-10-25T00:30:00Z",
      "2026-10-25T01:00:00Z",
      "2026-10-25T01:30:00Z",
      "2026-10-25T02:00:00Z",
    ]);
  });

  test("zones of half hours, and a midnight that does not exist", () => {
    expect(fires("0 0 9 * * ?", "2026-01-01T00:00:00Z", "Asia/Kolkata", 1)).toEqual(["2026-01-01T03:30:00Z"]);
    expect(fires("0 30 8 ? * Mon-Fri", "2026-11-20T12:00:00Z", "Asia/Shanghai", 1)).toEqual([
      "2026-11-23T00:30:00Z",
    ]);
    // Cairo: 2026-04-24 00:00 → 01:00.
    expect(fires("0 0 0 24 4 ?", "2026-04-01T00:00:00Z", "Africa/Cairo", 1)).toEqual([
      "2026-04-23T22:00:00Z",
    ]);
  });
});

/** One field as text, of all forms the grammar has. */
function fieldText(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const span = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: max + 1 });
  const item = fc.oneof(
    value.map(String),
    span,
    fc
      .tuple(fc.oneof(value.map(String), span, fc.constant("*")), step)
      .map(([start, by]) => `${start}/${by}`),
  );
  return fc.oneof(
    fc.constant("*"),
    fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(",")),
  );
}

const EXPRESSION = fc
  .tuple(
    fieldText(0, 59),
    fieldText(0, 59),
    fieldText(0, 23),
    fieldText(1, 31),
    fieldText(1, 12),
    fieldText(0, 6),
  )
  .map((fields) => fields.join(" "));

function matches(cron: Cron, at: Date): boolean {
  const day = cron.day.values.includes(at.getUTCDate());
  const weekday = cron.weekday.values.includes(at.getUTCDay());
  return (
    cron.second.values.includes(at.getUTCSeconds()) &&
    cron.minute.values.includes(at.getUTCMinutes()) &&
    cron.hour.values.includes(at.getUTCHours()) &&
    cron.month.values.includes(at.getUTCMonth() + 1) &&
    (cron.day.free || cron.weekday.free ? day && weekday : day || weekday)
  );
}

const MOMENT = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
const CLOCK = { start: 0, timeZone: "UTC" };

describe("for any expression", () => {
  test("the next fire is later, fits every field, and no second of the day after is passed over", () => {
    fc.assert(
      fc.property(EXPRESSION, MOMENT, (text, after) => {
        const read = schedule(text);
        if (read.kind !== "cron") throw new Error("not a cron expression");
        const next = nextFire(read, after, CLOCK);
        if (next !== undefined) {
          expect(next).toBeGreaterThan(after);
          expect(matches(read.cron, new Date(next))).toBe(true);
        }
        const end = Math.min(next ?? Number.POSITIVE_INFINITY, after + 86_400_000);
        for (let at = Math.floor(after / 1000) * 1000 + 1000; at < end; at += 1000)
          if (matches(read.cron, new Date(at)))
            throw new Error(`${new Date(at).toISOString()} was passed over`);
      }),
      { numRuns: 60 },
    );
  });

  test("in a zone whose clocks change, fires are strictly later and in order of time", () => {
    fc.assert(
      fc.property(
        EXPRESSION,
        fc.constantFrom("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"),
        MOMENT,
        fc.nat(86_400_000),
        (text, timeZone, after, later) => {
          const read = schedule(text);
          const clock = { start: 0, timeZone };
          const first = nextFire(read, after, clock);
          const second = nextFire(read, after + later, clock);
          if (first === undefined || second === undefined) return first === undefined && second === undefined;
          return first > after && second >= first && second > after + later;
        },
      ),
      { numRuns: 200 },
    );
  });

  test("an expression of every hour fires at each moment that fits, also around a change of clocks", () => {
    const changes = [
      ["Europe/Berlin", Date.UTC(2026, 2, 29, 1)],
      ["Europe/Berlin", Date.UTC(2026, 9, 25, 1)],
      ["America/New_York", Date.UTC(2026, 10, 1, 6)],
      ["Australia/Lord_Howe", Date.UTC(2026, 3, 4, 15)],
    ] as const;
    fc.assert(
      fc.property(
        fieldText(0, 59),
        fieldText(25, 29),
        fc.constantFrom(...changes),
        fc.integer({ min: -180, max: 180 }),
        (minute, day, [timeZone, change], before) => {
          const read = schedule(`0 ${minute} * ${day} * ?`);
          if (read.kind !== "cron") throw new Error("not a cron expression");
          const after = change + before * 60_000;
          const next = nextFire(read, after, { start: 0, timeZone }) ?? Number.POSITIVE_INFINITY;
          const fits = (at: number): boolean => matches(read.cron, new Date(at + offsetAt(at, timeZone)));
          if (next < after + 5 * 3_600_000) expect(fits(next)).toBe(true);
          for (let at = after + 60_000; at < Math.min(next, after + 5 * 3_600_000); at += 60_000)
            if (fits(at)) throw new Error(`${new Date(at).toISOString()} was passed over`);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("no text makes the parser throw", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("Rate", "Cron"), (text, type) => {
        const read = parseSchedule(type, text);
        return !Array.isArray(read) || read.length > 0;
      }),
    );
  });
});
