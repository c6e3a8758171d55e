import type { FailureKind } from "../../model/failure.ts";
import type { LogEntry } from "./log-entry.ts";

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
  /** Requests of this version that ran when this one ended, itself included. Default 1. */
  readonly concurrency?: number;
}

/** Instances of one version at one time. */
export interface InstanceCounts {
  readonly reserved: number;
  readonly onDemand: number;
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
  /** Fields are copied: the caller may use the same object again. */
  ended(end: InvocationEnd): void;
  rejected(functionKey: string, version: string): void;
  /** Instances that a version has now; the most of a minute is kept. */
  instances(functionKey: string, version: string, seen: InstanceCounts): void;
  /** Everything written so far is on disk. */
  flush(): Promise<void>;
  /** Deletes the function's logs. */
  forget(functionKey: string): Promise<void>;
  /** Deletes the logs of functions that are not there: those that went while nobody could be told. */
  sweep(isThere: (functionKey: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Which log entries to give back (guide 3.7.2). All fields narrow; none gives the newest entries. */
export interface LogQuery {
  readonly version?: string;
  readonly requestId?: string;
  readonly instanceId?: string;
  /** Part of a line's text, as written. */
  readonly keyword?: string;
  /** Entries of requests that ended so; with a cursor only their finish entries, because lines come before the end is known. */
  readonly result?: "success" | "failed";
  readonly reason?: FailureKind;
  /** Epoch ms, included. */
  readonly from?: number;
  /** Epoch ms, included. */
  readonly to?: number;
  /** Entries at most: the newest, or with a cursor the oldest after it. Default 1000. */
  readonly limit?: number;
  /** From an earlier page: continues after it. */
  readonly cursor?: string;
}

/** Entries in the order they were written, and where to go on reading. */
export interface LogPage {
  readonly entries: LogEntry[];
  readonly cursor: string;
}

/** The reading end of the logs. */
export interface LogReader {
  /** Everything told so far is found, flushed or not. A bad cursor starts at the oldest entry that is kept. */
  logs(functionKey: string, query: LogQuery): Promise<LogPage>;
  /** Resolves when the function's log grows, or after the time. */
  grown(functionKey: string, timeoutMs: number): Promise<void>;
  /** Log bytes lost because they could not be written, and the last reason. */
  problems(): { readonly droppedBytes: number; readonly lastError: string | undefined };
}
