/** Period of the one timer that looks for calls past their deadline; a timeout is noticed at most this much late. */
const PERIOD_MS = 50;

/** Something with deadlines. */
interface Swept {
  /** Ends what is past its deadline at `now` (performance.now()). */
  sweep(now: number): void;
}

const swept = new Set<Swept>();
let timer: NodeJS.Timeout | undefined;

/** Timers come before what sockets have brought: whatever came in time is read first, also after this process stood still. */
function sweepAll(): void {
  const now = performance.now();
  for (const each of swept) each.sweep(now);
}

/** Has `one` swept until `leaveSweep`; all share one timer, which does not keep the process alive. */
export function joinSweep(one: Swept): void {
  swept.add(one);
  timer ??= setInterval(() => setImmediate(sweepAll), PERIOD_MS).unref();
}

export function leaveSweep(one: Swept): void {
  swept.delete(one);
  if (swept.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
