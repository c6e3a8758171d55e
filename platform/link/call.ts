import type { FailureKind } from "../../model/failure.ts";
import type { Passage } from "./passage.ts";

/** Meta of an INVOKE frame; every field optional. */
export interface CallMeta {
  readonly alias?: string;
  readonly workflowId?: string;
  readonly workflowRunId?: string;
  readonly workflowStateId?: string;
  readonly traceId?: string;
  readonly invokeType?: "sync" | "async";
  /** Where a Go function may send its result piece by piece (guide 3.11.2). */
  readonly stream?: { readonly runId: string; readonly token: string; readonly address: string };
}

/**
 * One request on its way through an instance. The gateway makes one per request and reads the outcome from it;
 * no closure and no promise is made on the hot path.
 */
export interface Call {
  readonly requestId: string;
  readonly event: Buffer;
  readonly meta: CallMeta | undefined;
  /** Set when the call is an HTTP request to a function that is a web server; there is no event then. */
  readonly passage?: Passage | undefined;
  /** Time (performance.now()) after which the platform gives up. */
  readonly deadline: number;
  /** A log line of this call. `text` is only valid during the call; copy to keep. */
  log(level: number, text: Buffer): void;
  /** The one end of the call: a result. `payload` is only valid during the call; copy to keep. Times in µs, memory in KiB. */
  succeed(payload: Buffer, durationMicros: number, memoryKib: number): void;
  /** The one end of the call: a failure; `payload` is the error body (may be empty when the platform saw the failure itself). */
  fail(kind: FailureKind, payload: Buffer, durationMicros: number, memoryKib: number): void;
}
