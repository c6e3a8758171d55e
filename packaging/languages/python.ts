import type { Fault } from "../../model/fault.ts";
import type { Runtime } from "../../model/runtimes.ts";
import type { CodeTree } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";
import { standardModules } from "./python-standard-library.ts";

/** A module of the code: `json.py`, `json/__init__.py`, or an extension such as `json.cpython-310-x86_64-linux-gnu.so`. */
const MODULE = /^([A-Za-z_]\w*)(\.py|\/__init__\.py|(\.[\w-]+)?\.so)$/;

/** Modules of the code that would hide one of the standard library (guide 3.2.1). */
export function checkShadowing(tree: CodeTree, runtime: Runtime): Fault[] {
  const standard = standardModules(runtime.version);
  const faults: Fault[] = [];
  for (const name of tree.keys()) {
    const module = MODULE.exec(name)?.[1];
    if (module !== undefined && standard.has(module))
      faults.push(
        codeFault(
          name,
          `hides the module ${module} of Python's standard library`,
          `Rename it, for example to my_${module}, and its imports too.`,
        ),
      );
  }
  return faults;
}
