/** Exit codes of every command. */
export const ExitCode = {
  Success: 0,
  /** Something the user can mend: a wrong argument, a fault in the program, an answer that is not the expected one. */
  Mistake: 1,
  /** A fault of Fungraph itself. */
  Bug: 70,
  /** Ended by Ctrl-C before the work was done. */
  Interrupted: 130,
} as const;

/** What the user can mend. The message says what was given, the rule, and what to type instead; no stack is shown. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** The user stopped the command before it was done. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
