import { openSync, readdirSync, readFileSync } from "node:fs";
import type { StdioOptions } from "node:child_process";
import { inheritable, type Line } from "../machine/line.ts";

const LINK = 3;

const CLOSE_ON_EXEC = 0o2000000;

/** What descriptors 0, 1, 2 … of an instance are. */
export type Streams = ("ignore" | "pipe" | number)[];

/**
 * Standard streams for an instance that also cover what this process inherited from whoever started it: such descriptors are not closed
 * by an exec and would reach the function. Each is overlaid with /dev/null.
 * @param wanted what descriptors 0, 1, 2 … shall be
 */
export function coverInherited(wanted: readonly ("ignore" | "pipe")[]): Streams {
  const streams: Streams = [...wanted];
  const leaks = inherited().filter((number) => number >= wanted.length);
  if (leaks.length === 0) return streams;
  const nothing = openSync("/dev/null", "r+");
  for (const leak of leaks) {
    while (streams.length < leak) streams.push("ignore");
    streams[leak] = nothing;
  }
  return streams;
}

/** The streams, with the link as a line where there is one. */
export function withLine(streams: Streams, line: Line | undefined): StdioOptions {
  if (line === undefined) return streams;
  return [...streams.slice(0, LINK), inheritable(line), ...streams.slice(LINK + 1)];
}

/** Descriptors of this process that a started program gets too, lowest first. */
function inherited(): number[] {
  try {
    return readdirSync("/proc/self/fd")
      .map(Number)
      .filter(survivesExec)
      .sort((a, b) => a - b);
  } catch {
    // No /proc: nothing can be seen, nothing covered.
    return [];
  }
}

function survivesExec(number: number): boolean {
  try {
    const flags =
      /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, "utf8"))?.[1] ?? "0";
    return (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    // Closed since it was listed.
    return false;
  }
}
