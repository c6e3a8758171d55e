import { FAILURES } from "../../model/failure.ts";
import { LIMITS } from "../../model/limits.ts";
import type { Outcome } from "../gateway/invoker.ts";
import type { AsyncConfig } from "../store/async-configs.ts";
import type { AsyncOutcome, AsyncRequest } from "../store/async-requests.ts";
import { CUT_RUNS } from "../store/cut-runs.ts";
import { keyText } from "../store/function-key.ts";

/** What holds for one run. */
export interface RunRules {
  /** Times it is tried again after a failure. */
  readonly retries: number;
  /** Epoch ms after which it is not started any more. */
  readonly expiresAt: number;
  /** Whether a record of the success is kept. */
  readonly recorded: boolean;
  /** Settings of the version or alias; undefined where the defaults hold, and for deliveries. */
  readonly config: AsyncConfig | undefined;
}

/** How a run ended, as far as what follows depends on it. */
export type RunEnd = Pick<Outcome, "failure" | "code" | "payload">;

/** Why a request is not started. */
export interface RefusedStart {
  readonly end: AsyncOutcome;
  /** What its failure destination hears; undefined: nothing. */
  readonly told: RunEnd | undefined;
}

/** Inner codes of requests that are not started: too old, too many notifications behind them, too many runs cut off. */
const EXPIRED = 4010;
const LOOP = 4011;
const CUT = 4213;
/** Notifications that may follow one from another. */
const HOPS = 16;
/** No instance could be had: asked again after this time, without counting as a retry. */
const OVERLOAD_MS = 500;
const FACTOR = 4;
const LONGEST_RETRY_MS = 900_000;
/** An endpoint that is down for a day is told nothing any more; eight tries take about an hour. */
const DELIVERY = { retries: 8, ageMs: 86_400_000 };
const ERROR_BYTES = 4096;
const TOO_OLD: RunEnd = { failure: "overload", code: EXPIRED, payload: Buffer.alloc(0) };

/** The rules of a function's request; without settings of its own the defaults hold (guide 3.3.7). */
export function rulesOf(
  request: AsyncRequest,
  config: AsyncConfig | undefined,
  recordsAll: boolean,
): RunRules {
  const ageMs = (config?.maxAgeSeconds ?? LIMITS.asyncAgeSeconds.default) * 1000;
  const retries = config?.maxRetries ?? LIMITS.asyncRetries.default;
  const recorded = recordsAll || config?.statusLog === true;
  return { retries, expiresAt: request.acceptedAt + ageMs, recorded, config };
}

/** The rules of what is delivered to an object store or an endpoint. */
export function deliveryRules({ acceptedAt }: AsyncRequest): RunRules {
  const expiresAt = acceptedAt + DELIVERY.ageMs;
  return { retries: DELIVERY.retries, expiresAt, recorded: false, config: undefined };
}

/**
 * The end of a request that is not started at all, because it goes in a circle, seems to end whatever runs it, or is too old;
 * undefined when it may start.
 */
export function refusedStart(request: AsyncRequest, rules: RunRules, now: number): RefusedStart | undefined {
  // Whoever goes in a circle would do so by what is told of it.
  if (request.hops > HOPS) return { end: looped(request), told: undefined };
  if (request.cuts >= CUT_RUNS) return cutOff(request);
  return now < rules.expiresAt ? undefined : { end: expired(request), told: TOO_OLD };
}

/** What becomes of a request after a run: it has ended, or is tried again after 1, 4, 16 … times `retryMs`. */
export function endOf(
  request: AsyncRequest,
  outcome: RunEnd,
  rules: RunRules,
  retryMs: number,
): AsyncOutcome {
  const { id, attempts } = request;
  const { failure, code, payload } = outcome;
  if (failure === undefined) return { id, status: "success", errorCode: 0, recorded: rules.recorded };
  const now = Date.now();
  if (failure === "overload") {
    const dueAt = now + OVERLOAD_MS;
    return dueAt < rules.expiresAt ? { id, status: "retry", dueAt, uncounted: true } : expired(request);
  }
  const dueAt = now + Math.min(retryMs * FACTOR ** Math.max(0, attempts - 1), LONGEST_RETRY_MS);
  const again = failure !== "cancelled" && failure !== "missing" && attempts <= rules.retries;
  if (again && dueAt < rules.expiresAt) return { id, status: "retry", dueAt };
  const errorMessage =
    failure === "cancelled"
      ? "The request was cancelled while it ran."
      : payload.toString("utf8", 0, ERROR_BYTES);
  return {
    id,
    status: "failed",
    errorCode: failure === "cancelled" ? FAILURES.cancelled.code : code,
    errorMessage,
  };
}

function expired(request: AsyncRequest): AsyncOutcome {
  const errorMessage = `The request of ${keyText(request.key)} waited longer than its maximum age. Raise max_async_event_age_in_seconds, or let more run at once.`;
  return { id: request.id, status: "discarded", errorCode: EXPIRED, errorMessage };
}

function looped(request: AsyncRequest): AsyncOutcome {
  const errorMessage = `${HOPS} notifications led to this one of ${keyText(request.key)}, each of the one before: destinations lead in a circle. Take one of them out, then redrive this request.`;
  return { id: request.id, status: "discarded", errorCode: LOOP, errorMessage };
}

function cutOff({ id, key, cuts }: AsyncRequest): RefusedStart {
  const errorMessage = `${cuts} times the platform ended while this request of ${keyText(key)} ran, the last ones apart from most others, so it may be what ends the platform, such as by using up the machine's memory. It is not run again. See why the platform ended, change the function or its limits, then redrive this request.`;
  const told: RunEnd = { failure: "system", code: CUT, payload: Buffer.from(errorMessage) };
  return { end: { id, status: "failed", errorCode: CUT, errorMessage }, told };
}
