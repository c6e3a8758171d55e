import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of one tick in /proc (USER_HZ is 100 on every Linux). */
const TICK_MS = 10;

/** CPU time in ms that a process and all it started have used, what has ended included; 0 where there is no /proc. */
export function treeCpuMs(pid: number): number {
  let total = ownCpuMs(pid);
  for (const child of childrenOf(pid)) total += treeCpuMs(child);
  return total;
}

/** CPU time in ms that all processes of the machine have used. */
export function machineCpuMs(): number {
  const [line = ""] = readOr("/proc/stat").split("\n", 1);
  const [user = 0, nice = 0, system = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system) * TICK_MS;
}

function ownCpuMs(pid: number): number {
  const fields = readOr(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  // Its own time in user and kernel mode, and that of the children it has waited for.
  const ticks = fields.slice(11, 15).map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) * TICK_MS;
}

function childrenOf(pid: number): number[] {
  const found: number[] = [];
  for (const thread of threadsOf(pid))
    found.push(...readOr(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number));
  return found;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** A process may end at any time; it counts nothing then. */
function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
