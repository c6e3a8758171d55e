/**
 * Why an invocation failed, told apart as the log page does (guide 3.7.2, table 3-39) and finer where the API is.
 * `code` is the inner code of X-Func-Err-Code.
 */
export const FAILURES = {
  load: { code: 4001, reason: "load failed" },
  init: { code: 4009, reason: "initialization failed" },
  "init-timeout": { code: 4211, reason: "initialization timed out" },
  code: { code: 4002, reason: "function exception" },
  timeout: { code: 4010, reason: "invocation timed out" },
  memory: { code: 4205, reason: "memory limit exceeded" },
  disk: { code: 4207, reason: "disk limit exceeded" },
  heartbeat: { code: 4006, reason: "heartbeat failed" },
  crash: { code: 4014, reason: "instance exited" },
  "too-large": { code: 4004, reason: "result too large" },
  "not-serialisable": { code: 4007, reason: "result cannot be serialised" },
  // The service's table has no number for it.
  "stream-broken": { code: 4212, reason: "response streaming broken" },
  system: { code: 6001, reason: "system error" },
  cancelled: { code: 4208, reason: "function invocation canceled" },
} as const;

export type FailureKind = keyof typeof FAILURES;

/** The kind behind an inner code; unknown codes count as code exceptions. */
export function failureOf(code: number): FailureKind {
  for (const [kind, row] of Object.entries(FAILURES)) if (row.code === code) return kind as FailureKind;
  return "code";
}
