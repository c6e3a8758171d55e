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

/** Offsets are looked up for spans of this length: asking the calendar costs fifty times as much as everything else. */
const SPAN_MS = 900_000;
/** Spans that are remembered of one zone. */
const SPANS = 4096;
/** Offsets by zone and number of the span; undefined where the offset changes within it. */
const OFFSETS = new Map<string, Map<number, number | undefined>>();

/**
 * What a wall clock in the zone is ahead of UTC at that moment, in milliseconds.
 * Throws RangeError when the zone has no such IANA name.
 */
export function offsetAt(moment: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  let spans = OFFSETS.get(timeZone);
  if (spans === undefined) OFFSETS.set(timeZone, (spans = new Map()));
  const span = Math.floor(moment / SPAN_MS);
  if (!spans.has(span)) {
    if (spans.size >= SPANS) spans.clear();
    const offset = calendarOffset(span * SPAN_MS, timeZone);
    spans.set(span, offset === calendarOffset((span + 1) * SPAN_MS, timeZone) ? offset : undefined);
  }
  return spans.get(span) ?? calendarOffset(moment, timeZone);
}

function calendarOffset(moment: number, timeZone: string): number {
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
