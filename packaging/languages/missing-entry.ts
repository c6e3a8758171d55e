import type { Fault } from "../../model/fault.ts";
import type { CodeTree } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";

/** The fault of an entry file that is not at the root of the code, with the likeliest reason (guide 3.2.1). */
export function missingEntry(tree: CodeTree, wanted: readonly string[]): Fault {
  const [first = ""] = wanted;
  const rule = `the entry file ${wanted.join(" or ")} must be at the root of the code`;
  if (tree.size === 0) return codeFault(first, rule, "Put it there; the code has no files at all.");
  for (const name of tree.keys()) {
    const folder = name.slice(0, name.lastIndexOf("/") + 1);
    if (folder !== "" && wanted.includes(name.slice(folder.length)))
      return codeFault(
        first,
        rule,
        `It is in ${folder}; pack what is in that folder, not the folder itself.`,
      );
  }
  const source = first.replace(/\.js$/, ".ts");
  if (source !== first && tree.has(source))
    return codeFault(first, rule, `Name ${source} itself as code; it is bundled into ${first} then.`);
  const lower = first.toLowerCase();
  const near = [...tree.keys()].find((name) => name.toLowerCase() === lower);
  if (near !== undefined) return codeFault(first, rule, `Rename ${near}; upper and lower case count.`);
  const present = [...tree.keys()].filter((name) => !name.includes("/")).slice(0, 5);
  const shown = present.length === 0 ? "only folders" : present.join(", ");
  return codeFault(
    first,
    rule,
    `Add it, or name another file in the handler; at the root there is ${shown}.`,
  );
}
