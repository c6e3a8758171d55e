import type { ErrorCode } from "../../model/error-catalogue.ts";
import { faultsError } from "../../model/errors.ts";
import type { Fault } from "../../model/fault.ts";
import { ApiError } from "./api-error.ts";

/** What a reader made of a body; throws one ApiError that tells every fault, with the code of the first. */
export function accept<T>(read: T | Fault[]): T {
  if (!Array.isArray(read)) return read;
  const { error_code: code, error_msg: message } = faultsError(read);
  throw new ApiError(code as ErrorCode, message);
}
