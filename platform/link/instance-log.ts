import { LIMITS } from "../../model/limits.ts";
import { droppedLine } from "./call-table.ts";

const LEVEL_WARN = 3;

/** The log that belongs to no single call. It has a limit too, counted anew from each call on. */
export class InstanceLog {
  /** Takes what is within the limit; `text` is only valid during the call. */
  sink: ((level: number, text: Buffer) => void) | undefined = undefined;
  #kept = 0;
  #dropped = 0;

  take(level: number, text: Buffer): void {
    this.#kept += text.length;
    if (this.#kept <= LIMITS.logBytesPerInvocation) this.sink?.(level, text);
    else this.#dropped += text.length;
  }

  /** Counts anew, and tells what was dropped before. */
  renew(): void {
    if (this.#dropped > 0) this.sink?.(LEVEL_WARN, droppedLine(this.#dropped));
    this.#kept = 0;
    this.#dropped = 0;
  }
}
