import { z } from "zod";
import { checkDescription } from "../description.ts";
import type { Fault } from "../fault.ts";
import { checkName } from "../name-rules.ts";
import { readBody } from "./body.ts";

/** What is asked for when an application is created. */
export interface ApplicationRequest {
  /** Also the package of its functions. */
  readonly name: string;
  readonly templateId: string;
  readonly description: string;
  readonly agency: string;
  /** Values of the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

const schema = z.looseObject({
  name: z.string(),
  template_id: z.string(),
  description: z.string().nullish(),
  agency_name: z.string().nullish(),
  params: z.record(z.string(), z.string()).nullish(),
});

/** Body of CreateFunctionApp. */
export function applicationFromWire(body: unknown): ApplicationRequest | Fault[] {
  const read = readBody(schema, body, { name: "FSS.1004", description: "FSS.1019" });
  if (Array.isArray(read)) return read;
  const description = read.description ?? "";
  const faults = [...checkName("package", read.name), ...checkDescription(description)];
  if (faults.length > 0) return faults;
  return {
    name: read.name,
    templateId: read.template_id,
    description,
    agency: read.agency_name ?? "",
    parameters: read.params ?? {},
  };
}
