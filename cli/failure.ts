import { ApiError } from "../client/api-error.ts";
import { formatFault } from "../model/fault.ts";
import { PackagingError } from "../packaging/packaging-error.ts";
import { StepError } from "./apply/step.ts";
import { ProgramError } from "./evaluate/evaluation.ts";
import { ExitCode, Interrupted, UserError } from "./exit.ts";
import { note } from "./terminal/screen.ts";
import { paint } from "./terminal/style.ts";

/**
 * Says on standard error why a command failed: plainly when the user can mend it, with the stack when it is our fault.
 * @returns the exit code
 */
export function reportFailure(error: unknown): number {
  if (error instanceof Interrupted) return ExitCode.Interrupted;
  const mark = paint("red", "✗", process.stderr);
  const messages = userMessages(error);
  if (messages !== undefined) {
    for (const message of messages) note(`${mark} ${message}`);
    return ExitCode.Mistake;
  }
  note(`${mark} Fungraph itself failed. Please report this, with the lines below:`);
  note(stackOf(error));
  return ExitCode.Bug;
}

/** What to tell the user, or undefined when the failure is not theirs. */
function userMessages(error: unknown): readonly string[] | undefined {
  if (error instanceof ProgramError) return error.messages;
  if (error instanceof PackagingError) return error.faults.map(formatFault);
  if (error instanceof UserError || error instanceof StepError) return [error.message];
  // What the platform itself got wrong is a bug, and its own log has the stack.
  if (error instanceof ApiError && error.status < 500) return [error.message];
  return undefined;
}

function stackOf(error: unknown): string {
  if (error instanceof ApiError)
    return `${error.message}${error.requestId === "" ? "" : ` request ${error.requestId}`}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
