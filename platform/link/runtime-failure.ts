import type { FailureKind } from "../../model/failure.ts";

/** A load or initialization that failed, or a link that ended while one was awaited. */
export class RuntimeFailure extends Error {
  readonly kind: FailureKind;
  /** Error body (JSON, see runtime-images/PROTOCOL.md) that the caller of the function may see. */
  readonly body: Buffer;
  constructor(kind: FailureKind, message: string, body: Buffer = failureBody(kind, message)) {
    super(message);
    this.name = "RuntimeFailure";
    this.kind = kind;
    this.body = body;
  }
}

const ERROR_TYPES: Record<FailureKind, string> = {
  load: "FunctionLoadError",
  init: "HandledInitializationError",
  "init-timeout": "InitializationTimeoutError",
  code: "UserFunctionError",
  timeout: "InvocationTimeoutError",
  memory: "MemoryLimitError",
  disk: "DiskLimitError",
  heartbeat: "HeartbeatError",
  crash: "InstanceExitedError",
  "too-large": "ResultTooLargeError",
  "not-serialisable": "ResultNotSerialisableError",
  "stream-broken": "StreamBrokenError",
  system: "SystemError",
  cancelled: "InvocationCancelledError",
};

/** The error body of a failure that the platform saw itself: same form as the runtimes', without a stack. */
export function failureBody(kind: FailureKind, message: string): Buffer {
  const body = { errorMessage: message, errorType: ERROR_TYPES[kind], stackTrace: [] };
  return Buffer.from(JSON.stringify(body, undefined, 4));
}
