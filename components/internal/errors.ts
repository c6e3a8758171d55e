import * as pulumi from "@pulumi/pulumi";
import { formatFault, type Fault } from "../../model/fault.ts";

/** Which declaration is meant: `Function "resize"`. */
export interface Declared {
  readonly kind: string;
  readonly name: string;
}

/**
 * Ends the program when there are faults, with all of them in one message and no stack. Called before anything is
 * registered, so that a faulty declaration leaves no trace.
 */
export function failOn(declared: Declared, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  - ${formatFault(fault)}`);
  const message = `${declared.kind} ${JSON.stringify(declared.name)} has invalid arguments:\n${lines.join("\n")}`;
  throw new pulumi.ResourceError(message, undefined, true);
}
