import type { Fault } from "../../model/fault.ts";
import { type CodeTree, isProgram, readContent } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";
import { missingEntry } from "./missing-entry.ts";

/** `bootstrap` is at the root and can be run (guide 3.2.2.2). */
export async function checkBootstrap(tree: CodeTree): Promise<Fault[]> {
  const entry = tree.get("bootstrap");
  if (entry === undefined) return [missingEntry(tree, ["bootstrap"])];
  if (entry.executable) return [];
  if (isProgram(await readContent(entry, 4))) return [];
  return [
    codeFault(
      "bootstrap",
      entry.size === 0 ? "is empty" : "is not executable",
      'Make it executable (chmod +x bootstrap), or begin it with the line "#!/bin/sh".',
    ),
  ];
}
