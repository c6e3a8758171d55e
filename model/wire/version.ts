import { z } from "zod";
import type { Fault } from "../fault.ts";
import { LIMITS } from "../limits.ts";
import { automaticVersionName } from "../names.ts";
import { checkVersion, type VersionSpec } from "../version.ts";
import { readBody } from "./body.ts";

/** What is asked for when a version is published. */
export interface PublishRequest extends VersionSpec {
  /** The code that is meant; a function whose code is another is not published. */
  readonly digest?: string;
}

const schema = z.looseObject({
  version: z.string().nullish(),
  description: z.string().nullish(),
  digest: z.string().nullish(),
});

/** Body of CreateFunctionVersion; a version without a name is named after the time. */
export function publishFromWire(body: unknown, at: Date): PublishRequest | Fault[] {
  const read = readBody(schema, body ?? {}, { version: "FSS.1015", description: "FSS.1019" });
  if (Array.isArray(read)) return read;
  const spec: VersionSpec = {
    name: read.version || automaticVersionName(at),
    description: read.description ?? "",
  };
  const faults = checkVersion(spec).map((fault) =>
    fault.property === "name" ? { ...fault, property: "version" } : fault,
  );
  if (faults.length > 0) return faults;
  return read.digest ? { ...spec, digest: read.digest } : spec;
}

/** The body that CreateFunctionVersion takes; without a name the platform chooses one. */
export function publishToWire(request: Partial<PublishRequest>): {
  version?: string;
  description?: string;
  digest?: string;
} {
  return {
    ...(request.name === undefined ? {} : { version: request.name }),
    ...(request.description === undefined ? {} : { description: request.description }),
    ...(request.digest === undefined ? {} : { digest: request.digest }),
  };
}

const instancesSchema = z.looseObject({ max_instance_num: z.number() });

/** Body of UpdateFunctionMaxInstanceConfig: −1 for no limit, 0 to disable the function. */
export function maxInstancesFromWire(body: unknown): number | Fault[] {
  const read = readBody(instancesSchema, body, { max_instance_num: "FSS.1026" });
  if (Array.isArray(read)) return read;
  const { min, max } = LIMITS.maxInstances;
  const value = read.max_instance_num;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  return [
    {
      property: "max_instance_num",
      value,
      rule: `must be a whole number from ${min} to ${max} (-1: no limit, 0: function disabled)`,
      fix: `Send ${LIMITS.maxInstances.default}, for example.`,
      code: "FSS.1026",
    },
  ];
}
