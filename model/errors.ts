import { ERROR_CATALOGUE, type ErrorCode } from "./error-catalogue.ts";
import { type Fault, formatFault } from "./fault.ts";

/** One error code: its HTTP status, what happened, and what to do about it. */
export interface ErrorEntry {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly fix: string;
}

/** Every error code in ascending order. */
export function listErrors(): ErrorEntry[] {
  return (Object.keys(ERROR_CATALOGUE) as ErrorCode[]).sort().map(entryOf);
}

function entryOf(code: ErrorCode): ErrorEntry {
  const [status, title, fix] = ERROR_CATALOGUE[code];
  return { code, status, title, fix };
}

/** An error as the API answers it, with its HTTP status. */
export interface ApiErrorBody {
  readonly status: number;
  readonly error_code: string;
  readonly error_msg: string;
}

/** The answer for a code; the catalogue's own words when no message says more. */
export function apiError(code: ErrorCode, message?: string): ApiErrorBody {
  const { status, title, fix } = entryOf(code);
  return { status, error_code: code, error_msg: message ?? `${title}. ${fix}` };
}

/** One answer for all faults of an input: code and status of the first, the words of every one. */
export function faultsError(faults: readonly Fault[]): ApiErrorBody {
  const first = faults[0]?.code ?? "FSS.0400";
  const code: ErrorCode = isErrorCode(first) ? first : "FSS.0400";
  return apiError(code, faults.map(formatFault).join("\n"));
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CATALOGUE, code);
}
