import type { Fault } from "../../model/fault.ts";
import type { Runtime, RuntimeFamily } from "../../model/runtimes.ts";
import type { CodeTree } from "../code-file.ts";
import { checkBootstrap } from "./bootstrap.ts";
import { checkAssembly } from "./csharp.ts";
import { checkGo } from "./go.ts";
import { checkJava } from "./java.ts";
import { checkShadowing } from "./python.ts";
import { checkScript } from "./script.ts";

/** Checks code for a handler of one runtime. */
type LanguageCheck = (tree: CodeTree, handler: string, runtime: Runtime) => Fault[] | Promise<Fault[]>;

const CHECKS: Readonly<Record<RuntimeFamily, LanguageCheck>> = {
  nodejs: checkScript,
  python: async (tree, handler, runtime) => [
    ...(await checkScript(tree, handler, runtime)),
    ...checkShadowing(tree, runtime),
  ],
  php: checkScript,
  java: checkJava,
  go: checkGo,
  csharp: checkAssembly,
  cangjie: () => [],
  custom: checkBootstrap,
  http: checkBootstrap,
  image: () => [],
};

/** Faults of code by the rules of its language (guide 3.2.1 and 4.2.2). */
export async function checkLanguage(tree: CodeTree, handler: string, runtime: Runtime): Promise<Fault[]> {
  return CHECKS[runtime.family](tree, handler, runtime);
}
