import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { formatFault, type Fault } from "../model/fault.ts";
import { LIMITS, type Limits } from "../model/limits.ts";

/** The file in the data folder that raises or lowers limits. */
const FILE = "limits.json";

/** What a limit may be set to. Without `max`: as high as the machine bears. */
interface Range {
  readonly min: number;
  readonly max?: number;
  /** Parts of a whole are no whole numbers. */
  readonly fraction?: true;
}

/**
 * The limits that belong to an installation. The rest are properties of the service: sizes that runtimes and clients
 * rely on can be lowered here, never raised.
 */
const ADJUSTABLE = {
  functions: { min: 1 },
  versionsPerFunction: { min: 1 },
  aliasesPerFunction: { min: 1 },
  testEventsPerFunction: { min: 1 },
  dependenciesPerFunction: { min: 0 },
  tagsPerFunction: { min: 0 },
  concurrentExecutions: { min: 1 },
  reservedShare: { min: 0, max: 1, fraction: true },
  totalCodeBytes: { min: 1 },
  requestBytes: { min: 1024, max: LIMITS.requestBytes },
  asyncRequestBytes: { min: 1024, max: LIMITS.requestBytes },
  asyncQueueLength: { min: 1 },
  synchronousSeconds: { min: 1, max: LIMITS.timeoutSeconds.max },
  signatureAgeSeconds: { min: 10, max: 86_400 },
} as const satisfies { readonly [K in keyof Limits]?: Range };

type Adjustable = keyof typeof ADJUSTABLE;

/**
 * The limits in force: those of model/limits.ts, changed by `limits.json` in the data folder where there is one, for
 * example `{"functions": 1000, "concurrentExecutions": 400}`. Throws RangeError with every fault of the file.
 */
export function readLimits(dataDir: string): Limits {
  const file = join(dataDir, FILE);
  const text = readText(file);
  if (text === undefined) return LIMITS;
  const faults: Fault[] = [];
  const changed: Partial<Record<Adjustable, number>> = {};
  for (const [name, value] of Object.entries(parse(file, text))) {
    const fault = isAdjustable(name) ? checkRange(name, value) : unknownName(name, value);
    if (fault !== undefined) faults.push(fault);
    else changed[name as Adjustable] = value as number;
  }
  if (faults.length === 0) return { ...LIMITS, ...changed };
  throw new RangeError(`The limits in ${file} are wrong:\n${faults.map(formatFault).join("\n")}`);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

const schema = z.record(z.string(), z.unknown());

function parse(file: string, text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RangeError(`${file} is not JSON: ${(error as Error).message}. ${EXAMPLE}`, { cause: error });
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new RangeError(`${file} is no JSON object. ${EXAMPLE}`);
}

const EXAMPLE = 'Write one object, for example {"functions": 1000}, or delete the file.';

function isAdjustable(name: string): name is Adjustable {
  return Object.hasOwn(ADJUSTABLE, name);
}

function unknownName(property: string, value: unknown): Fault {
  const fixed = Object.hasOwn(LIMITS, property);
  return {
    property,
    value,
    rule: fixed ? "is a property of the service and stays as it is" : "is no limit",
    fix: `Set one of ${Object.keys(ADJUSTABLE).join(", ")}.`,
    code: "FSS.0400",
  };
}

function checkRange(property: Adjustable, value: unknown): Fault | undefined {
  const { min, max = Number.MAX_SAFE_INTEGER, fraction }: Range = ADJUSTABLE[property];
  const number = z.number().min(min).max(max);
  if ((fraction ? number : number.int()).safeParse(value).success) return undefined;
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`;
  return {
    property,
    value,
    rule: `must be a ${fraction ? "" : "whole "}number ${range}`,
    fix: `Write ${LIMITS[property]}, the default, or leave it out.`,
    code: "FSS.0400",
  };
}
