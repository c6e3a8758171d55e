import { FAILURES, type FailureKind } from "../../model/failure.ts";
import type { Call, CallMeta } from "../link/call.ts";
import type { InvocationEnd } from "../telemetry/telemetry.ts";
import type { Refusal } from "./refusal.ts";

const EMPTY = Buffer.alloc(0);
const LEVEL_ERROR = 4;

/** Where a call runs. */
export interface Station {
  /** Takes a log line of the call. */
  line(call: GatewayCall, level: number, text: string): void;
  /** True when the call, though failed, had not started and runs again elsewhere. */
  again(call: GatewayCall): boolean;
  /** Ends the call by ending its instance, as soon as the call has started there. */
  cancel(call: GatewayCall): void;
  /** The call has ended here; its facts of the end are filled in. Times in µs, memory in KiB. */
  finished(
    call: GatewayCall,
    failure: FailureKind | undefined,
    durationMicros: number,
    memoryKib: number,
  ): void;
}

/**
 * One request on its way from a caller to an instance and back. It is the record of its own end too, so that nothing is
 * made for telemetry. Subclasses say how the caller is answered.
 */
export abstract class GatewayCall implements Call, InvocationEnd {
  readonly requestId: string;
  event: Buffer = EMPTY;
  meta: CallMeta | undefined = undefined;
  deadline = 0;
  functionKey = "";
  version = "";
  instanceId = "";
  startedAt = 0;
  durationMs = 0;
  memoryMb = 0;
  memoryUsedMb = 0;
  failure: FailureKind | undefined = undefined;
  concurrency = 1;

  /** The instance that has the call; undefined before and after. */
  station: Station | undefined = undefined;
  /** Neighbours among the calls of one instance. */
  previous: GatewayCall | undefined = undefined;
  next: GatewayCall | undefined = undefined;
  /** performance.now() when it joined a queue. */
  queuedAt = 0;
  /** Times it was handed to an instance that ended before the call started. */
  retries = 0;
  /** Whoever sent it takes it back. */
  cancelled = false;
  /** Log lines, kept only for callers who asked for the tail. */
  lines: string[] | undefined = undefined;

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  log(level: number, text: Buffer): void {
    const line = text.toString();
    this.station?.line(this, level, line);
    this.lines?.push(line);
  }

  succeed(payload: Buffer, durationMicros: number, memoryKib: number): void {
    const station = this.station;
    if (station === undefined) return;
    this.station = undefined;
    station.finished(this, undefined, durationMicros, memoryKib);
    this.answer(payload);
  }

  fail(kind: FailureKind, payload: Buffer, durationMicros: number, memoryKib: number): void {
    const station = this.station;
    if (station === undefined || station.again(this)) return;
    // Callers of HTTP triggers see no stack; the log has it.
    this.log(LEVEL_ERROR, payload);
    this.station = undefined;
    station.finished(this, kind, durationMicros, memoryKib);
    this.answerFailure(kind, payload);
  }

  /** `X-Func-Err-Code`. */
  get errorCode(): number {
    return this.failure === undefined ? 0 : FAILURES[this.failure].code;
  }

  /** True when nobody waits for the answer any more; such a call is not started. */
  abstract abandoned(): boolean;
  /** Answers with a result. `payload` is only valid during the call. Must not throw. */
  abstract answer(payload: Buffer): void;
  /** Answers with a failure; `payload` is the error body or empty. Must not throw. */
  abstract answerFailure(kind: FailureKind, payload: Buffer): void;
  /** Answers that the call was not started. Must not throw. */
  abstract reject(refusal: Refusal): void;
}
