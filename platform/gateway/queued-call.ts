import { FAILURES, type FailureKind } from "../../model/failure.ts";
import { GatewayCall } from "./gateway-call.ts";
import { failureBody } from "../link/runtime-failure.ts";
import type { Outcome } from "./invoker.ts";
import type { Refusal } from "./refusal.ts";

/** A call that comes from a queue or an event source; its end settles a promise. */
export class QueuedCall extends GatewayCall {
  readonly #settle: (outcome: Outcome) => void;

  constructor(requestId: string, event: Buffer, settle: (outcome: Outcome) => void) {
    super(requestId);
    this.event = event;
    this.#settle = settle;
  }

  abandoned(): boolean {
    return this.cancelled;
  }

  /** Ends it wherever it is; what runs its instance ends with it. */
  cancel(): void {
    this.cancelled = true;
    if (this.station !== undefined) this.station.cancel(this);
    else this.answerFailure("cancelled", failureBody("cancelled", "the request was cancelled"));
  }

  answer(payload: Buffer): void {
    this.#settle({ failure: undefined, code: 0, payload: Buffer.from(payload), durationMs: this.durationMs });
  }

  answerFailure(kind: FailureKind, payload: Buffer): void {
    const { code } = FAILURES[kind];
    this.#settle({ failure: kind, code, payload: Buffer.from(payload), durationMs: this.durationMs });
  }

  reject(refusal: Refusal): void {
    this.#settle(refusalOutcome(refusal));
  }
}

/** How a call ends that was not started. */
export function refusalOutcome(refusal: Refusal): Outcome {
  const payload = Buffer.from(refusal.message);
  if (refusal.status === 404) return { failure: "missing", code: 4024, payload, durationMs: 0 };
  if (refusal.status >= 500) return { failure: "system", code: FAILURES.system.code, payload, durationMs: 0 };
  return { failure: "overload", code: 4021, payload, durationMs: 0 };
}
