import type { ErrorCode } from "../../model/error-catalogue.ts";

/** A request that is refused: the FunctionGraph code and a sentence that says what to do. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
