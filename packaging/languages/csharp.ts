import type { Fault } from "../../model/fault.ts";
import type { CodeTree } from "../code-file.ts";
import { missingEntry } from "./missing-entry.ts";

/** The assembly that the handler names is at the root. */
export function checkAssembly(tree: CodeTree, handler: string): Fault[] {
  const name = `${handler.split("::")[0]}.dll`;
  return tree.has(name) ? [] : [missingEntry(tree, [name])];
}
