import { FAILURES } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Invoker } from "../gateway/invoker.ts";
import type { AsyncRequest } from "../store/async-requests.ts";
import type { Store } from "../store/store.ts";
import type { TopicStore } from "../store/topics.ts";
import type { RunEnd } from "./run-rules.ts";

/** What the queue needs; the rest has defaults. */
export interface QueueOptions {
  readonly store: Pick<Store, "asyncRequests" | "asyncConfigs" | "topics" | "onChange" | "settled">;
  /** Who is told what is published to topics. Default: those who were subscribed. */
  readonly topics?: Pick<TopicStore, "subscriptions">;
  readonly invoker: Invoker;
  /** Sends what is for an object store or an endpoint; never rejects. Default: nothing can be sent. */
  readonly deliver?: (request: AsyncRequest) => Promise<RunEnd>;
  /** In the URNs of notifications. Default `local`. */
  readonly region?: string;
  /** Requests that run at the same time, all functions together. Default 64: an account may run 100 (guide 1.6), and callers who wait go on. */
  readonly running?: number;
  /** Requests of one function that run at the same time. Default 32. */
  readonly runningPerFunction?: number;
  /** Requests that may wait, all functions together; one function may have half of them. Default 1,000,000. */
  readonly length?: number;
  /** Milliseconds before the first retry; each further one waits four times as long. Default 1000. */
  readonly retryMs?: number;
  /** Told once when the store refuses. Default: a warning of the process. */
  readonly warn?: (sentence: string) => void;
}

const NO_DELIVERY: RunEnd = {
  failure: "system",
  code: FAILURES.system.code,
  payload: Buffer.from("Nothing is sent here."),
};

/** The options with defaults in place. */
export function withDefaults(options: QueueOptions): Required<QueueOptions> {
  return {
    running: 64,
    runningPerFunction: 32,
    length: LIMITS.asyncQueueLength,
    retryMs: 1000,
    region: "local",
    topics: options.store.topics,
    deliver: async () => NO_DELIVERY,
    warn: emitWarning,
    ...options,
  };
}

function emitWarning(sentence: string): void {
  process.emitWarning(sentence);
}
