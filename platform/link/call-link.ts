import type { FailureKind } from "../../model/failure.ts";
import type { Call } from "./call.ts";

/** What carries calls to an instance that is ready: the runtime protocol, or HTTP. */
export interface CallLink {
  /** Called once when the link ends, with why. Calls in flight were failed before. */
  onClose: ((reason: string) => void) | undefined;
  /** Called after a call was failed because its deadline passed; the instance still works on it and should be ended. */
  onTimeout: ((call: Call) => void) | undefined;
  /** Calls sent and not yet ended. */
  readonly inFlight: number;
  /** False once the instance has ended or must end: it takes no more calls. */
  readonly open: boolean;
  /** Hands a call over; it ends by exactly one `succeed` or `fail`. */
  invoke(call: Call): void;
  /**
   * Takes a line that the instance or its children wrote outside of the protocol: a log line of the running call when exactly one runs, else
   * one of the instance.
   */
  printed(level: number, text: Buffer): void;
  /** Ends the link; calls in flight fail with `kind` (default `crash`) and this message. Safe to call twice. */
  close(kind?: FailureKind, message?: string): void;
}
