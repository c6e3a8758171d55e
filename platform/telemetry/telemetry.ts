import type { FailureKind } from "../../model/failure.ts";

/** What the gateway tells about one finished invocation. Times in milliseconds. */
export interface InvocationEnd {
  readonly functionKey: string;
  readonly version: string;
  readonly requestId: string;
  readonly instanceId: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly memoryUsedMb: number;
  /** Undefined on success. */
  readonly failure: FailureKind | undefined;
}

/** Logs and per-minute metrics. All calls return at once; writing happens in batches. */
export interface Telemetry {
  /** A line that the function wrote. */
  line(
    functionKey: string,
    version: string,
    requestId: string,
    instanceId: string,
    level: number,
    text: string,
  ): void;
  ended(end: InvocationEnd): void;
  rejected(functionKey: string, version: string): void;
  /** Everything written so far is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
