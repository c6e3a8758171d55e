import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { triggerSchema } from "./function-templates.ts";

const FOLDER = join(import.meta.dirname, "applications");

const schema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  runtime: z.string(),
  category: z.string(),
  updated: z.string(),
  guide: z.string(),
  /** What is asked of who creates an application; without a default it must be given. */
  parameters: z.array(
    z.object({ name: z.string(), description: z.string(), default: z.string().optional() }),
  ),
  functions: z.array(
    z.object({
      name: z.string(),
      /** Its one source file, from the template's folder. */
      file: z.string(),
      handler: z.string(),
      description: z.string(),
      userData: z.record(z.string(), z.string()),
      encryptedUserData: z.record(z.string(), z.string()).default({}),
      triggers: z.array(triggerSchema),
    }),
  ),
});

/** Functions and triggers that make an application; `{{name}}` in their texts stands for a parameter. */
export type ApplicationTemplate = z.infer<typeof schema>;
export type TemplateFunction = ApplicationTemplate["functions"][number];

/** Every application template, by id. */
export function applicationTemplates(): readonly ApplicationTemplate[] {
  return (known ??= readdirSync(FOLDER)
    .sort()
    .map((folder) => schema.parse(JSON.parse(readFileSync(join(FOLDER, folder, "template.json"), "utf8")))));
}

let known: readonly ApplicationTemplate[] | undefined;

/** The source of one of its functions. */
export function sourceOf(template: ApplicationTemplate, { file }: TemplateFunction): Buffer {
  return readFileSync(join(FOLDER, template.id, file));
}

/** A function of a template with `{{name}}` replaced by the values. */
export function filledIn(one: TemplateFunction, values: Readonly<Record<string, string>>): TemplateFunction {
  return fill(one, values) as TemplateFunction;
}

function fill(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string")
    return value.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
  if (Array.isArray(value)) return value.map((one) => fill(one, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, values)]));
}
