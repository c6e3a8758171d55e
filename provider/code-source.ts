import type { Fault } from "../model/fault.ts";
import { NO_CODE } from "../model/function.ts";
import type { Properties, ResourceLogic } from "./resource.ts";
import { UNKNOWN } from "./unknown.ts";

/*
 * Programs in TypeScript pack their code while they run, and register what came of it. Programs in other languages name
 * their code by its path; then it is packed here, before anything is checked.
 */

/** How the code of one kind of resource is packed. */
export interface CodeSource {
  /** What `code` says, for the reader of the package's schema. */
  readonly about: string;
  /** The properties that packing fills in, with valid values that stand in for them. */
  readonly fills: Properties;
  /** Inputs that have to be known before anything can be packed. */
  readonly needs: readonly string[];
  /**
   * Packs the code. Undefined where none is named but is needed.
   * @param inputs checked and with all that is needed
   * @throws PackagingError with all faults
   */
  pack(place: CodePlace, inputs: Properties): Promise<Properties | undefined>;
}

/** Where code is. */
interface CodePlace {
  /** The program's folder. */
  readonly root: string;
  /** As the program names it, relative to that folder; undefined where it names none. */
  readonly code: string | undefined;
}

/** What a check answers. */
type Checked = ReturnType<ResourceLogic["check"]>;

const NO_PATH: Fault = {
  ...NO_CODE,
  rule: "must be the path of the code, as a text",
};

/** Checks a declaration whose code may still have to be packed. */
export async function checkWithCode(logic: ResourceLogic, given: Properties, root: string): Promise<Checked> {
  const { source } = logic;
  if (source === undefined || Object.keys(source.fills).some((name) => given[name] !== undefined))
    return logic.check(given);
  const { code, ...rest } = given;
  // Code is packed for a runtime and a handler: what is wrong with those comes first.
  const first = logic.check({ ...rest, ...source.fills });
  if (first.faults.length > 0) return first;
  if (code !== undefined && typeof code !== "string") return { inputs: first.inputs, faults: [NO_PATH] };
  const packed = isUnknown(source, given)
    ? unknownFills(source)
    : await pack(source, { root, code }, first.inputs);
  return Array.isArray(packed)
    ? { inputs: first.inputs, faults: packed }
    : logic.check({ ...rest, ...packed });
}

function isUnknown({ needs }: CodeSource, given: Properties): boolean {
  return ["code", ...needs].some((name) => given[name] === UNKNOWN);
}

function unknownFills({ fills }: CodeSource): Properties {
  return Object.fromEntries(Object.keys(fills).map((name) => [name, UNKNOWN]));
}

async function pack(source: CodeSource, place: CodePlace, inputs: Properties): Promise<Properties | Fault[]> {
  // Loaded late: whoever packs by themselves do not wait for it.
  const { PackagingError } = await import("../packaging/packaging-error.ts");
  try {
    return (await source.pack(place, inputs)) ?? [NO_CODE];
  } catch (error) {
    if (error instanceof PackagingError) return [...error.faults];
    throw error;
  }
}
