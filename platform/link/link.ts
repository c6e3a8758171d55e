import type { Duplex } from "node:stream";
import type { FailureKind } from "../../model/failure.ts";
import type { Call } from "./call.ts";

/** LOAD's payload (runtime-images/PROTOCOL.md). */
export interface LoadMessage {
  readonly codeRoot: string;
  readonly handler: string;
  readonly initializer?: { readonly handler: string; readonly timeoutSeconds: number };
  readonly preStop?: { readonly handler: string; readonly timeoutSeconds: number };
  readonly concurrency: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly userData: Readonly<Record<string, string>>;
  readonly function: {
    readonly name: string;
    readonly version: string;
    readonly package: string;
    readonly projectId: string;
    readonly timeoutSeconds: number;
    readonly memoryMb: number;
    readonly cpuMillicores: number;
  };
  readonly credentials: Readonly<Record<string, string>>;
  readonly maxResponseBytes: number;
}

/** The platform's end of the runtime protocol. */
export declare class Link {
  constructor(stream: Duplex, token: string);
  /** Calls sent and not yet answered. */
  readonly inFlight: number;
  /** True until the stream ended or a rule was broken. */
  readonly open: boolean;
  /** Log lines that belong to no call. */
  onInstanceLog: ((level: number, text: Buffer) => void) | undefined;
  /** Called once when the link ends, with why. Calls in flight were failed with `closeKind` before. */
  onClose: ((reason: string) => void) | undefined;
  /** Waits for HELLO; rejects on a wrong token, protocol version, or time. */
  hello(timeoutMs: number): Promise<void>;
  /** Rejects with RuntimeFailure `load`. */
  load(message: LoadMessage, timeoutMs: number): Promise<void>;
  /** Rejects with RuntimeFailure `init` or `init-timeout`. */
  init(timeoutMs: number): Promise<void>;
  /** Hands a call over; it ends by exactly one `succeed` or `fail`. Synchronous; frames of one turn go out in one write. */
  invoke(call: Call): void;
  /** STOP; resolves when STOPPED came or the time is over. */
  stop(graceMs: number): Promise<void>;
  /** Ends the link; calls in flight fail with `kind` (default `crash`) and this message. */
  close(kind?: FailureKind, message?: string): void;
}
