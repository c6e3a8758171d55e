import type { Observer } from "../connection/observer.ts";

/** Whose log is waited for, and what it must say. */
interface LogWanted {
  readonly function: string;
  readonly requestId: string;
  /** Text that has to be in it. */
  readonly logContains?: string | undefined;
  /** Seconds to wait at most. */
  readonly withinSeconds: number;
}

/** The log of one request once the request has ended, or what there is of it when the time is over. */
export async function waitForLog(observer: Observer, wanted: LogWanted): Promise<string> {
  const until = Date.now() + wanted.withinSeconds * 1000;
  const lines: string[] = [];
  let cursor: string | undefined;
  let ended = false;
  while (!ended && Date.now() < until) {
    const wait = Math.min(5, (until - Date.now()) / 1000);
    const page = await observer.logs({
      function: wanted.function,
      requestId: wanted.requestId,
      cursor,
      wait,
    });
    lines.push(...page.entries.map((entry) => entry.lines));
    // A request that is run again has several ends; the text that is waited for may be in a later one.
    const last = page.entries.some((entry) => entry.kind === "end");
    ended = last && (wanted.logContains === undefined || lines.join("\n").includes(wanted.logContains));
    cursor = page.cursor;
  }
  return lines.join("\n");
}
