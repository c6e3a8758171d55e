type Code = "FSS.0401" | "FSS.0402" | "FSS.0403";

/** Why a request was not let in. `FSS.0401`: it is not known who asks; `FSS.0402`: it was known; `FSS.0403`: it is, and it is not allowed. */
export class AuthRefusal {
  readonly status: 401 | 403;
  readonly code: Code;
  /** What was given, the rule, and what to do, in sentences. */
  readonly message: string;

  constructor(code: Code, message: string) {
    this.status = code === "FSS.0403" ? 403 : 401;
    this.code = code;
    this.message = message;
  }
}

/** A refusal of a caller who is not known. */
export function unauthorized(message: string): AuthRefusal {
  return new AuthRefusal("FSS.0401", message);
}
