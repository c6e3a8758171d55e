import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setPriority } from "node:os";

/** A tenth of the processor while the event loop wants all of it: enough to come to an end. */
const LOW = 10;

/** Lets every other thread of the machine go first. Does nothing where threads have no priority of their own. */
export function yieldToOthers(): void {
  try {
    lower(readlinkSync("/proc/thread-self"));
  } catch {
    // Not Linux: the work is done all the same.
  }
}

/** The same for the threads that Node reads files with and inflates; there are none before their first work. */
export function yieldThreadPool(): void {
  try {
    for (const task of readdirSync("/proc/self/task"))
      if (readFileSync(`/proc/self/task/${task}/comm`, "utf8").startsWith("libuv-worker")) lower(task);
  } catch {
    // As above.
  }
}

function lower(task: string): void {
  setPriority(Number(task.slice(task.lastIndexOf("/") + 1)), LOW);
}
