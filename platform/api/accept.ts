import type { ErrorCode } from "../../model/error-catalogue.ts";
import { faultsError } from "../../model/errors.ts";
import type { Fault } from "../../model/fault.ts";
import { AuthRefusal } from "../auth/refusal.ts";
import { ApiError } from "./api-error.ts";

/** What a reader made of a body; throws one ApiError when it found faults. */
export function accept<T>(read: T | Fault[]): T {
  if (Array.isArray(read)) throw refusal(read);
  return read;
}

/** One error that tells every fault, with the code of the first. */
export function refusal(faults: readonly Fault[]): ApiError {
  const { error_code: code, error_msg: message } = faultsError(faults);
  return new ApiError(code as ErrorCode, message);
}

/** An answer of the door that is no refusal; throws ApiError for one that is. */
export function letIn<T>(answer: T): Exclude<T, AuthRefusal> {
  if (answer instanceof AuthRefusal) throw new ApiError(answer.code, answer.message);
  return answer as Exclude<T, AuthRefusal>;
}
