import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Fault } from "../model/fault.ts";
import { codeFault } from "./packaging-error.ts";

/** Where code is said to be: a path, and the folder that it counts from. */
interface CodePlace {
  readonly root: string;
  readonly code: string;
}

/** What can be told of code whose runtime or handler is not known: whether there is something at its path. */
export function checkCodePath({ root, code }: CodePlace): Fault[] {
  if (existsSync(resolve(root, code))) return [];
  return [codeFault(code, "does not exist", `Correct the path; it counts from ${root}.`)];
}
