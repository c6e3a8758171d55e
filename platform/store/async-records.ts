/** How far an asynchronous request is; `discarded` is one that was cancelled or grew too old before it ran. */
export type AsyncStatus = "waiting" | "running" | "success" | "failed" | "discarded";

/** What is kept of an asynchronous request, without its event. Times are epoch ms. */
export interface AsyncRecord {
  readonly id: string;
  /** Version name or `!alias`. */
  readonly qualifier: string;
  readonly status: AsyncStatus;
  readonly acceptedAt: number;
  /** Undefined while it waits or runs. */
  readonly finishedAt: number | undefined;
  /** Inner code; 0 on success, undefined before the end. */
  readonly errorCode: number | undefined;
  readonly errorMessage: string | undefined;
}

/** Which records of a function are asked for; what is left out does not narrow. */
export interface AsyncRecordQuery {
  /** Version name or `!alias`. */
  readonly qualifier?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly statuses: readonly AsyncStatus[];
  /** Accepted at or after, epoch ms. */
  readonly from: number;
  /** Accepted at or before, epoch ms. */
  readonly to: number;
  readonly offset: number;
  readonly limit: number;
}

/** Some records, newest first, and how many there are in all. */
export interface AsyncRecordPage {
  readonly records: readonly AsyncRecord[];
  readonly count: number;
}
