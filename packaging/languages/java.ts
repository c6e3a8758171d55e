import type { Fault } from "../../model/fault.ts";
import type { CodeTree } from "../code-file.ts";
import { codeFault } from "../packaging-error.ts";

/** A jar with the handler's class, or a zip with jars or classes (guide 3.2.1 and 4.2.2). */
export function checkJava(tree: CodeTree, handler: string): Fault[] {
  const names = [...tree.keys()];
  if (names.some((name) => name.endsWith(".jar"))) return []; // the class may be in any of them
  const path = `${handler.slice(0, handler.lastIndexOf(".")).replaceAll(".", "/")}.class`;
  if (tree.has(path)) return [];
  if (!names.some((name) => name.endsWith(".class")))
    return [
      codeFault(
        path,
        "the code has neither a .jar nor a .class file",
        "Compile it, and pack the jar together with the jars it needs.",
      ),
    ];
  return [
    codeFault(
      path,
      `the class of the handler ${handler} is missing`,
      "Add the class, or correct package and class in the handler.",
    ),
  ];
}
