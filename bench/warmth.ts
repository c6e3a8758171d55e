import { Warmth, type Habit } from "../platform/gateway/warmth.ts";
import { traceOf, type Kind, type Traced } from "./warmth-trace.ts";

/** What keeping instances cost and how often there was none. */
interface Kept {
  calls: number;
  cold: number;
  /** GB seconds of instances without calls. */
  idleGbSeconds: number;
}

/** The fixed time and what is learned, over the same calls. */
interface Comparison {
  readonly fixed: Kept;
  readonly learned: Kept;
  /** Cold starts of each kind of function. */
  readonly kinds: ReadonlyMap<
    Kind,
    { readonly calls: number; readonly fixed: number; readonly learned: number }
  >;
}

/** What is replayed: so many hours of a trace, against a fixed time. */
interface Replay {
  readonly trace: readonly Traced[];
  readonly keepMs: number;
  readonly hours: number;
  readonly taughtHours: number;
}

/** As the platform looks at its functions. */
const STEP_MS = 5_000;
const START = Date.UTC(2026, 0, 1);

/** One function while its calls are replayed. */
class Player {
  readonly traced: Traced;
  readonly habit: Habit;
  readonly fixed: Kept = { calls: 0, cold: 0, idleGbSeconds: 0 };
  readonly learned: Kept = { calls: 0, cold: 0, idleGbSeconds: 0 };
  #next = 0;
  #lastCall = 0;

  constructor(traced: Traced, habit: Habit) {
    this.traced = traced;
    this.habit = habit;
  }

  /** Plays the calls up to a time; calls take no time. */
  play(now: number, keepMs: number): void {
    const { calls, memoryMb } = this.traced;
    for (let at = calls[this.#next]; at !== undefined && START + at <= now; at = calls[++this.#next]) {
      const quiet = this.#lastCall === 0 ? Infinity : START + at - this.#lastCall;
      this.fixed.calls += 1;
      this.learned.calls += 1;
      if (quiet > keepMs) this.fixed.cold += 1;
      // It was looked at a step ago; a call right after the last one finds its instance.
      if (!this.habit.wanted && quiet > STEP_MS) this.learned.cold += 1;
      this.fixed.idleGbSeconds +=
        (Math.min(quiet, keepMs) / 1000) * (memoryMb / 1024) * (this.#lastCall === 0 ? 0 : 1);
      this.#lastCall = START + at;
      this.habit.observe(this.#lastCall, false, this.#lastCall);
    }
  }

  /** Pays for the instance that it has until the next step. */
  pay(): void {
    if (this.#lastCall === 0 || !this.habit.wanted) return;
    this.learned.idleGbSeconds += (STEP_MS / 1000) * (this.traced.memoryMb / 1024);
  }
}

/** Replays a trace through the platform's own policy with a clock of its own. The hours in which it is taught do not count. */
export function replay({ trace, keepMs, hours, taughtHours }: Replay): Comparison {
  const warmth = new Warmth({ keepMs, mostMb: Infinity });
  const players = trace.map((traced, at) => new Player(traced, warmth.habit(String(at), traced.memoryMb)));
  const end = START + hours * 3_600_000;
  const counted = START + taughtHours * 3_600_000;
  for (let now = START; now < end; now += STEP_MS) {
    for (const player of players) player.play(now, keepMs);
    warmth.tick(now);
    if (now === counted) for (const player of players) forget(player);
    for (const player of players) player.pay();
  }
  return compare(players);
}

function forget({ fixed, learned }: Player): void {
  for (const kept of [fixed, learned]) Object.assign(kept, { calls: 0, cold: 0, idleGbSeconds: 0 });
}

function compare(players: readonly Player[]): Comparison {
  const total = (pick: (player: Player) => Kept): Kept => {
    const sum = { calls: 0, cold: 0, idleGbSeconds: 0 };
    for (const player of players) {
      const kept = pick(player);
      sum.calls += kept.calls;
      sum.cold += kept.cold;
      sum.idleGbSeconds += kept.idleGbSeconds;
    }
    return sum;
  };
  const kinds = new Map<Kind, { calls: number; fixed: number; learned: number }>();
  for (const { traced, fixed, learned } of players) {
    const row = kinds.get(traced.kind) ?? { calls: 0, fixed: 0, learned: 0 };
    row.calls += fixed.calls;
    row.fixed += fixed.cold;
    row.learned += learned.cold;
    kinds.set(traced.kind, row);
  }
  return { fixed: total((one) => one.fixed), learned: total((one) => one.learned), kinds };
}

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  regular: "timers and regular callers",
  random: "callers at random",
  bursts: "bursts",
  daytime: "by day only",
};

/** A day of 400 functions against a minute for all, as Markdown; a day before it is for learning. */
export function renderWarmth(): string[] {
  const { fixed, learned, kinds } = replay({
    trace: traceOf(400, 48, 1),
    keepMs: 60_000,
    hours: 48,
    taughtHours: 24,
  });
  const rows = [...kinds].map(
    ([kind, row]) => `| cold starts, ${KIND_NAMES[kind]} | ${rounded(row.fixed)} | ${rounded(row.learned)} |`,
  );
  return [
    "| a day of 400 functions, replayed | a minute for all | learned |",
    "| --- | ---: | ---: |",
    `| cold starts of ${rounded(fixed.calls)} calls | ${rounded(fixed.cold)} | ${rounded(learned.cold)} |`,
    ...rows,
    `| instances without calls, GB hours | ${rounded(fixed.idleGbSeconds / 3600)} | ${rounded(learned.idleGbSeconds / 3600)} |`,
  ];
}

function rounded(value: number): string {
  return Math.round(value).toLocaleString("en");
}
