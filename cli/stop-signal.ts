import { ExitCode, Interrupted } from "./exit.ts";
import { note } from "./terminal/screen.ts";

/** A terminal tells the whole group of Ctrl-C, and the launcher passes it on: within this time they are one. */
const SAME_MS = 500;
/** A start that has not come to an end so long after a stop was asked for is given up. */
const GIVE_UP_MS = 5000;

/**
 * A signal that is given when the user or the system asks the process to stop. Whoever asks twice gets what he asks
 * for at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (!stop.signal.aborted) {
      askedAt = now;
      if (signal === "SIGINT") note("\nStopping; what runs is finished first. Ctrl-C again to stop at once.");
      stop.abort(new Interrupted("stopped"));
    } else if (now - askedAt > SAME_MS) process.exit(ExitCode.Interrupted);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  return stop.signal;
}

/** What `start` made; ends the process when a stop is asked for and the start hangs. */
export async function started<T>(stop: AbortSignal, start: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    timer = setTimeout(() => process.exit(ExitCode.Interrupted), GIVE_UP_MS);
  };
  stop.addEventListener("abort", giveUp, { once: true });
  try {
    return await start();
  } finally {
    stop.removeEventListener("abort", giveUp);
    clearTimeout(timer);
  }
}

/** Resolves when the signal is given. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
