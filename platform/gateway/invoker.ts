import type { FailureKind } from "../../model/failure.ts";
import type { FunctionKey } from "../store/function-key.ts";

/** One event for one function, from a queue or an event source. */
export interface Invocation {
  readonly key: FunctionKey;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly requestId: string;
  readonly event: Buffer;
  /** Memory that the caller chose for it; undefined: that of the function. */
  readonly memoryMb?: number | undefined;
}

/** How an invocation ended. */
export interface Outcome {
  /**
   * Undefined on success; a failure of the function; `missing` when function, version or alias is gone; `overload` when
   * no instance could be had now and the function was not started (safe to try again).
   */
  readonly failure: FailureKind | "missing" | "overload" | undefined;
  /** Inner code of X-Func-Err-Code; 0 on success. */
  readonly code: number;
  /** The result, or the error body. */
  readonly payload: Buffer;
  readonly durationMs: number;
}

/** Runs events through flow control and an instance. Never rejects. */
export interface Invoker {
  invoke(invocation: Invocation): Promise<Outcome>;
  /**
   * Ends an invocation at once with the failure `cancelled`: one that waits never runs, one that runs ends with its
   * instance, and so do other calls that run there. Does nothing when there is none.
   */
  cancel(requestId: string): void;
}
