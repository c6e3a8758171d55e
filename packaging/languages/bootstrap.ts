import type { Fault } from "../../model/fault.ts";
import type { Runtime } from "../../model/runtimes.ts";
import { type CodeTree, isProgram, readContent } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";
import { missingEntry } from "./missing-entry.ts";

/**
 * `bootstrap` is at the root and can be run: a program or a script that names its interpreter (guide 3.1.2.5). That of an HTTP function may also be
 * lines for the shell, as in the guide's own examples (3.2.2.2).
 */
export async function checkBootstrap(tree: CodeTree, _handler: string, runtime: Runtime): Promise<Fault[]> {
  const entry = tree.get("bootstrap");
  if (entry === undefined) return [missingEntry(tree, ["bootstrap"])];
  if (entry.size === 0) return [codeFault("bootstrap", "is empty", FIRST_LINE)];
  if (runtime.family === "http" || isProgram(await readContent(entry, 4))) return [];
  return [codeFault("bootstrap", "is neither a Linux program nor a script", FIRST_LINE)];
}

const FIRST_LINE = 'Begin it with the line "#!/bin/sh", for example, or build a program for Linux on x86-64.';
