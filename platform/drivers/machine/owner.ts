import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** `<pid>-<start>` of a process: names it for good, since process ids come around again and start times do not. */
export function ownerName(pid: number): string | undefined {
  const start = process.platform === "linux" ? startInTicks(pid) : startInWords(pid);
  return start === undefined ? undefined : `${pid}-${start}`;
}

/** True when the process that `ownerName` named still runs. */
export function ownerLives(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return Number.isInteger(pid) && pid > 0 && ownerName(pid) === name;
}

function startInTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name in brackets may hold blanks and brackets; field 3 follows the last one. Start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startInWords(pid: number): string | undefined {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return text.trim().replaceAll(/[^0-9A-Za-z]+/g, ".") || undefined;
  } catch {
    return undefined;
  }
}
