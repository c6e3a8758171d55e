import type { BenchServer } from "../server.ts";

/** A server that is measured beside Fungraph, and what is wanted of Fungraph. */
export interface HttpPeer {
  readonly name: string;
  /** Requests a second that Fungraph shall have for each one of the peer's; undefined: it is shown only. */
  readonly goal: number | undefined;
  /** Path of the echo; default `/`. */
  readonly path?: string;
  /** Requests that it takes at the same time; default: all that come. */
  readonly atOnce?: number;
  /** Starts an echo on core 0. Rejects with MissingPeer where the peer cannot be had. */
  readonly start: () => Promise<BenchServer>;
}

/** A queue with a store of its own, measured beside Fungraph's. */
export interface QueuePeer {
  readonly name: string;
  /** Starts the store and a worker on core 0. Rejects with MissingPeer where the peer cannot be had. */
  readonly start: () => Promise<QueueServer>;
}

/** A queue that accepts and runs. */
export interface QueueServer extends AsyncDisposable {
  /** Sends jobs for `seconds`, `atOnce` of them at the same time, and waits until all have run. */
  run(seconds: number, atOnce: number): Promise<QueueSample>;
}

/** What a queue did. */
export interface QueueSample {
  /** Jobs accepted in a second. */
  readonly accepted: number;
  /** Jobs that ran in a second, from the first that was sent to the last that ended. */
  readonly ran: number;
  /** From sending a job to its acceptance. */
  readonly p50Micros: number;
  /** CPU time of the store and the worker for one job. */
  readonly cpuMicros: number;
}

/** A peer that cannot be had on this machine; the message says why. */
export class MissingPeer extends Error {}
