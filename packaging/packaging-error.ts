import { type Fault, formatFault } from "../model/fault.ts";

/** Code that cannot be packed or unpacked, with all that is wrong with it. */
export class PackagingError extends Error {
  override readonly name = "PackagingError";
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(formatFault).join("\n"));
    this.faults = faults;
  }
}

/** A fault of the code; `file` is the file it is about. */
export function codeFault(file: string, rule: string, fix: string, code = "FSS.1011"): Fault {
  return { property: "code", value: file, rule, fix, code };
}
