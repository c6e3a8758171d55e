/** Milliseconds of the units a duration may be written in (guide 3.5.4). `us` stands in for µs, which has two code points. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** Milliseconds of `30m`, `1.5h` or `2h30m`; undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === "") return undefined;
  let milliseconds = 0;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (part === null) return undefined;
    milliseconds += Number(part[1]) * (UNITS[part[2] ?? ""] ?? Number.NaN);
  }
  return milliseconds;
}
