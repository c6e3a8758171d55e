import { ExitCode, Interrupted } from "./exit.ts";
import { note } from "./terminal/screen.ts";

/**
 * A signal that is given when the user or the system asks the process to stop. Whoever asks twice gets what he asks
 * for at once.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const ask = (): void => {
    if (stop.signal.aborted) process.exit(ExitCode.Interrupted);
    stop.abort(new Interrupted("stopped"));
  };
  process.on("SIGINT", () => {
    if (!stop.signal.aborted) note("\nStopping; what runs is finished first. Ctrl-C again to stop at once.");
    ask();
  });
  process.on("SIGTERM", ask);
  process.on("SIGHUP", ask);
  return stop.signal;
}

/** Resolves when the signal is given. */
export function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
