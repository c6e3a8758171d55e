/** What the platform (or the way to it) answered instead of a result. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  /** FunctionGraph code, for example `FSS.1051`; empty when the answer carried none. */
  readonly code: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** Id to look for in the platform's log; empty when no answer came. */
  readonly requestId: string;

  constructor(
    message: string,
    facts: { code?: string; status?: number; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.code = facts.code ?? "";
    this.status = facts.status ?? 0;
    this.requestId = facts.requestId ?? "";
  }
}

/** True when the thing that was asked for is not there (any more). */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** True when the thing exists already. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** True when the platform refused with this FunctionGraph code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code;
}
