import { type Cron, nextCron, parseCron } from "./cron.ts";
import { parseDuration } from "./duration.ts";
import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";

/** When a timer fires: at a steady interval, or by the clock. */
export type Schedule =
  | { readonly kind: "every"; readonly milliseconds: number }
  | { readonly kind: "cron"; readonly cron: Cron };

export type ScheduleType = "Rate" | "Cron";

const CODE = "FSS.1109";

/**
 * Reads the schedule of a timer (guide 3.5.2 and 3.5.4): `3m`, `2h` or `1d` for Rate;
 * `@every 1h30m` or a cron expression for Cron. A list of faults when it is none.
 */
export function parseSchedule(type: ScheduleType, text: string): Schedule | Fault[] {
  if (type === "Rate") return parseRate(text);
  if (text.trimStart().startsWith("@")) return parseEvery(text);
  const cron = parseCron(text);
  if (!Array.isArray(cron)) return { kind: "cron", cron };
  return cron.map((fault) => ({ property: "schedule", value: text, ...fault, code: CODE }));
}

/**
 * The first time after `after` at which the schedule fires; undefined when it never does. All times are epoch milliseconds.
 * An interval counts from `start`, so that a restart keeps its beat; a cron expression reads the clocks of `timeZone`.
 */
export function nextFire(
  schedule: Schedule,
  after: number,
  clock: { readonly start: number; readonly timeZone: string },
): number | undefined {
  if (schedule.kind === "cron") return nextCron(schedule.cron, after, clock.timeZone);
  const beats = Math.max(1, Math.floor((after - clock.start) / schedule.milliseconds) + 1);
  const next = clock.start + beats * schedule.milliseconds;
  return Number.isNaN(new Date(next).getTime()) ? undefined : next;
}

const RATE = /^(\d+)([mhd])$/;

/** Milliseconds of a rate's units, and how many of each are allowed at most. */
const RATES: Readonly<Record<string, { unit: number; max: number; name: string }>> = {
  m: { unit: 60_000, max: LIMITS.rateMinutes, name: "minutes" },
  h: { unit: 3_600_000, max: LIMITS.rateHours, name: "hours" },
  d: { unit: 86_400_000, max: LIMITS.rateDays, name: "days" },
};

function parseRate(text: string): Schedule | Fault[] {
  const given = { property: "schedule", value: text, code: CODE };
  const [, countText = "", letter = ""] = RATE.exec(text) ?? [];
  const rate = RATES[letter];
  if (rate === undefined)
    return [
      {
        ...given,
        rule: "a rate is a whole number and m, h or d, for minutes, hours or days",
        fix: 'Write "3m", "2h" or "1d", for example; for anything else use a cron expression.',
      },
    ];
  const count = Number(countText);
  if (count >= 1 && count <= rate.max) return { kind: "every", milliseconds: count * rate.unit };
  return [
    {
      ...given,
      rule: `a rate in ${rate.name} is from 1 to ${rate.max}`,
      fix: `Write "${count < 1 ? 1 : rate.max}${letter}", for example.`,
    },
  ];
}

const EVERY = /^@every\s+(\S+)$/;

function parseEvery(text: string): Schedule | Fault[] {
  const given = { property: "schedule", value: text, code: CODE };
  const milliseconds = parseDuration(EVERY.exec(text.trim())?.[1] ?? "");
  if (milliseconds === undefined)
    return [
      {
        ...given,
        rule: "an interval is @every, a blank, and numbers with the units ns, us, ms, s, m or h",
        fix: 'Write "@every 30m", "@every 1.5h" or "@every 2h30m", for example.',
      },
    ];
  if (milliseconds >= LIMITS.everyMilliseconds) return { kind: "every", milliseconds };
  return [
    {
      ...given,
      rule: `an interval is at least ${LIMITS.everyMilliseconds} ms`,
      fix: `Write "@every ${LIMITS.everyMilliseconds}ms" or more.`,
    },
  ];
}
