/** One function of a trace: when it is called, in ms from the start, sorted. */
export interface Traced {
  readonly kind: Kind;
  readonly memoryMb: number;
  readonly calls: readonly number[];
}

export type Kind = "regular" | "random" | "bursts" | "daytime";

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

/** A small generator (mulberry32): a trace must be the same everywhere. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SIZES = [128, 128, 128, 256, 256, 512, 512, 1024];

/**
 * Calls as published figures have them: nearly half of the functions are called by timers and regular callers, many of them just less often than
 * a minute, the usual keep-alive; the others at random, in bursts, or by day only. Mean times between calls go from seconds to hours, evenly on
 * a scale of ratios.
 */
export function traceOf(functions: number, hours: number, seed: number): Traced[] {
  const random = randomOf(seed);
  return Array.from({ length: functions }, () => {
    const dice = random();
    const kind: Kind = dice < 0.45 ? "regular" : dice < 0.75 ? "random" : dice < 0.9 ? "bursts" : "daytime";
    const memoryMb = SIZES[Math.floor(random() * SIZES.length)] ?? 128;
    return { kind, memoryMb, calls: CALLS[kind](random, hours * HOUR) };
  });
}

const CALLS: Readonly<Record<Kind, (random: Random, end: number) => number[]>> = {
  regular(random, end) {
    const period =
      random() < 0.6 ? between(random, 61 * SECOND, 10 * MINUTE) : between(random, MINUTE, 2 * HOUR);
    const jitter = period * (random() < 0.5 ? 0.02 : 0.2);
    return collect(random() * period, end, (at) => at + period + (random() - 0.5) * jitter);
  },
  random(random, end) {
    const mean = between(random, 10 * SECOND, 2 * HOUR);
    return collect(exponential(random, mean), end, (at) => at + exponential(random, mean));
  },
  bursts(random, end) {
    const [inside, outside] = [between(random, SECOND, 20 * SECOND), between(random, 5 * MINUTE, 2 * HOUR)];
    return collect(exponential(random, outside), end, (at) =>
      random() < 0.9 ? at + exponential(random, inside) : at + exponential(random, outside),
    );
  },
  daytime(random, end) {
    const mean = between(random, 20 * SECOND, 20 * MINUTE);
    const calls = collect(exponential(random, mean), end, (at) => at + exponential(random, mean));
    return calls.filter((at) => (at / HOUR) % 24 < 12);
  },
};

function collect(first: number, end: number, next: (at: number) => number): number[] {
  const calls: number[] = [];
  for (let at = first; at < end; at = next(at)) calls.push(at);
  return calls;
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}

/** Evenly on a scale of ratios. */
function between(random: Random, least: number, most: number): number {
  return least * (most / least) ** random();
}
