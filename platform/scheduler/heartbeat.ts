import type { Link } from "../link/link.ts";

/** How often an instance is asked, and when it counts as sick. */
export interface Rhythm {
  readonly everyMs: number;
  /** An answer that takes longer is none. */
  readonly timeoutMs: number;
  /** So many times in a row without an answer, and the instance is ended. */
  readonly misses: number;
}

/** As guide 3.3.12 has it. */
export const HEARTBEAT: Rhythm = { everyMs: 5_000, timeoutMs: 3_000, misses: 6 };

interface Watch {
  readonly rhythm: Rhythm;
  /** False ends the watch. */
  serves(): boolean;
  /** True while the instance stands still on purpose: it is not asked, and what it does not answer is no miss. */
  paused(): boolean;
  /** Called once when the instance counts as sick. */
  sick(message: string): void;
}

/** Asks an instance whether its code is well for as long as it serves. The answer that it is not ends the link by itself. */
export function watchHeartbeat(link: Pick<Link, "heartbeat" | "open">, watch: Watch): void {
  const { everyMs, timeoutMs, misses } = watch.rhythm;
  let missed = 0;
  const ask = async (): Promise<void> => {
    if (!watch.serves() || !link.open) return;
    const asked = performance.now();
    try {
      if (!watch.paused()) await link.heartbeat(timeoutMs);
      missed = 0;
    } catch {
      missed = watch.paused() ? 0 : missed + 1;
    }
    if (missed < misses) wait(everyMs - (performance.now() - asked));
    else if (watch.serves())
      watch.sick(`the heartbeat method gave no answer within ${timeoutMs} ms, ${misses} times in a row`);
  };
  const wait = (ms: number): void => void setTimeout(() => void ask(), Math.max(0, ms)).unref();
  wait(everyMs);
}
