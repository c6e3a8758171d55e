import type { Exchange } from "./exchange.ts";

/** A request that is not carried out: the HTTP status, the FunctionGraph code and a sentence that says what to do. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export const DISABLED: Refusal = {
  status: 429,
  code: "FSS.0429",
  message:
    "Function Disabled: its maximum of instances is 0. Set maxInstances to -1 or 1–1000 to take requests again.",
};

export const OVERLOAD: Refusal = {
  status: 429,
  code: "FSS.0429",
  message:
    "Your request has been controlled by overload protection: all instances are busy and the queue is full. Retry later, or raise maxInstances or concurrency.",
};

export const BUSY: Refusal = {
  status: 503,
  code: "FSS.0503",
  message: "The gateway holds as many request bodies as its memory allows. Retry later.",
};

export const CLOSING: Refusal = {
  status: 503,
  code: "FSS.0503",
  message: "The platform is shutting down. Retry in a few seconds.",
};

/** The wire form of a refusal. */
function refusalBody(refusal: Refusal, requestId: string): string {
  return JSON.stringify({ error_code: refusal.code, error_msg: refusal.message, request_id: requestId });
}

/** Answers with a refusal; does nothing when the caller is gone or was answered. */
export function refuse(
  exchange: Exchange,
  refusal: Refusal,
  requestId: string,
  extra: readonly string[] = [],
): void {
  const ids = ["X-Cff-Request-Id", requestId, "X-Request-Id", requestId];
  exchange.send({
    status: refusal.status,
    headers: ["Content-Type", "application/json", ...ids, ...extra],
    body: refusalBody(refusal, requestId),
  });
}
