const FORMATS = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = FORMATS.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    FORMATS.set(timeZone, format);
  }
  return format;
}

/**
 * What a wall clock in the zone is ahead of UTC at that moment, in milliseconds.
 * Throws RangeError when the zone has no such IANA name.
 */
export function offsetAt(moment: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const part: Record<string, string> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(moment)) part[type] = value;
  const wall = Date.UTC(
    Number(part["year"]),
    Number(part["month"]) - 1,
    Number(part["day"]),
    Number(part["hour"]),
    Number(part["minute"]),
    Number(part["second"]),
  );
  return wall - Math.floor(moment / 1000) * 1000;
}

/** The first second after `from` at which the clock has another offset than at `from`; `to` is known to have another. */
export function findTransition(from: number, to: number, timeZone: string): number {
  const before = offsetAt(from, timeZone);
  let low = Math.floor(from / 1000);
  let high = Math.ceil(to / 1000);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000, timeZone) === before) low = middle;
    else high = middle;
  }
  return high * 1000;
}
