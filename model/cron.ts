import { type Field, type FieldFault, FIELDS, parseField } from "./cron-field.ts";
import { findTransition, offsetAt } from "./time-zone.ts";

/**
 * A cron expression of the guide (3.5.4): second, minute, hour, day of month, month and, optionally, day of week.
 *
 * When the day of month and the day of week are both restricted, a day that fits either fires, as in every cron.
 */
export type Cron = Readonly<Record<keyof typeof FIELDS, Field>>;

const ORDER = ["second", "minute", "hour", "day", "month", "weekday"] as const;

/** Reads an expression of five or six fields; else all that is wrong with it. */
export function parseCron(text: string): Cron | FieldFault[] {
  const parts = text.trim().split(/\s+/);
  if (parts.length === 5) parts.push("?");
  if (parts.length !== 6)
    return [
      {
        rule: `has ${text.trim() === "" ? 0 : parts.length} fields instead of second, minute, hour, day of month, month and, optionally, day of week`,
        fix: 'Write "0 30 8 ? * Mon-Fri", for example.',
      },
    ];
  const cron: Record<string, Field> = {};
  const faults: FieldFault[] = [];
  for (const [index, name] of ORDER.entries()) {
    const field = parseField(parts[index] ?? "", FIELDS[name]);
    if ("rule" in field) faults.push(field);
    else cron[name] = field;
  }
  return faults.length > 0 ? faults : (cron as Cron);
}

const SECOND = 1000;
const DAY = 86_400_000;

/**
 * The first time after `after` (both epoch milliseconds) at which the expression fires by the clocks of an IANA zone.
 * Undefined when it never does, as on 31 February.
 *
 * Where clocks change: an expression whose hour is `*` keeps its pace, so it fires in both of two equal hours and
 * has nothing to make up for in an hour that is left out. Any other expression means local times: a time that comes
 * twice fires the first time, a time that is left out fires when the clock jumps over it.
 */
export function nextCron(cron: Cron, after: number, timeZone: string): number | undefined {
  return cron.hour.free ? nextPaced(cron, after, timeZone) : nextLocal(cron, after, timeZone);
}

function nextPaced(cron: Cron, after: number, timeZone: string): number | undefined {
  let since = after;
  let base = after;
  for (;;) {
    const offset = offsetAt(since, timeZone);
    const wall = nextWall(cron, base + offset);
    if (wall === undefined) return undefined;
    const moment = wall - offset;
    // The near look finds an hour that comes again; the far one an offset that no longer holds.
    const changed = [Math.min(moment, since + DAY), moment].find((one) => offsetAt(one, timeZone) !== offset);
    if (changed === undefined) return moment;
    since = findTransition(since, changed, timeZone);
    base = since - 1;
  }
}

function nextLocal(cron: Cron, after: number, timeZone: string): number | undefined {
  let wall = nextWall(cron, after + offsetAt(after, timeZone));
  while (wall !== undefined) {
    const moment = momentOf(wall, timeZone);
    if (moment > after) return moment;
    wall = nextWall(cron, wall);
  }
  return undefined;
}

/** The first moment at which clocks show `wall`, or at which they jump over it. */
function momentOf(wall: number, timeZone: string): number {
  // No zone is a day away from UTC, so the clock change that matters, if any, lies between these two.
  const [from, to] = [wall - DAY, wall + DAY];
  const [early, late] = [offsetAt(from, timeZone), offsetAt(to, timeZone)];
  if (early === late) return wall - early;
  const change = findTransition(from, to, timeZone);
  if (wall - early < change) return wall - early;
  return Math.max(wall - late, change);
}

/** A leap day is at most eight years away. */
const YEARS = 9;

/** The next clock time that fits, as if the clock were UTC. */
function nextWall(cron: Cron, after: number): number | undefined {
  let wall = (Math.floor(after / SECOND) + 1) * SECOND;
  const lastYear = new Date(wall).getUTCFullYear() + YEARS;
  for (;;) {
    const date = new Date(wall);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    if (!(year <= lastYear)) return undefined; // also for times that no Date holds
    if (!cron.month.values.includes(month + 1)) {
      wall = Date.UTC(year, month + 1, 1);
      continue;
    }
    const midnight = Date.UTC(year, month, date.getUTCDate());
    const time = fitsDay(cron, date) ? nextTime(cron, (wall - midnight) / SECOND) : undefined;
    if (time !== undefined) return midnight + time * SECOND;
    wall = midnight + DAY;
  }
}

function fitsDay(cron: Cron, date: Date): boolean {
  const day = cron.day.values.includes(date.getUTCDate());
  const weekday = cron.weekday.values.includes(date.getUTCDay());
  return cron.day.free || cron.weekday.free ? day && weekday : day || weekday;
}

/** The first fitting second of the day that is not before `from`. */
function nextTime(cron: Cron, from: number): number | undefined {
  const [fromHour, fromMinute, fromSecond] = [Math.floor(from / 3600), Math.floor(from / 60) % 60, from % 60];
  for (const hour of cron.hour.values) {
    if (hour < fromHour) continue;
    for (const minute of cron.minute.values) {
      if (hour === fromHour && minute < fromMinute) continue;
      const least = hour === fromHour && minute === fromMinute ? fromSecond : 0;
      const second = cron.second.values.find((value) => value >= least);
      if (second !== undefined) return hour * 3600 + minute * 60 + second;
    }
  }
  return undefined;
}
