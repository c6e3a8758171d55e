import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

import { RUNTIMES, type Runtime } from "../../model/runtimes.ts";

const FOLDER = join(import.meta.dirname, "functions");

/** A trigger that a template's functions are meant for; `data` is its `event_data`. */
export const triggerSchema = z.object({
  name: z.string(),
  type: z.enum(["APIG", "TIMER"]),
  data: z.record(z.string(), z.unknown()),
});

const schema = z.object({
  name: z.string(),
  family: z.enum(["nodejs", "python", "php"]),
  /** The oldest version of the language that the code is for. */
  from: z.string(),
  title: z.string(),
  description: z.string(),
  scene: z.string(),
  service: z.string(),
  triggers: z.array(triggerSchema),
  userData: z.record(z.string(), z.string()),
  /** An event, and what the function answers to it. */
  input: z.unknown(),
  output: z.unknown(),
  warning: z.string(),
});

const ENTRY = { nodejs: "index.js", python: "index.py", php: "index.php" } as const;

/** A working function to begin with, for one runtime. */
export interface FunctionTemplate extends z.infer<typeof schema> {
  readonly id: string;
  readonly runtime: string;
  readonly handler: string;
  /** Source of its one file. */
  readonly code: string;
}

/** Every template for every runtime that it runs on, newest runtimes first. */
export function functionTemplates(): readonly FunctionTemplate[] {
  return (known ??= readdirSync(FOLDER).sort().flatMap(read));
}

let known: readonly FunctionTemplate[] | undefined;

function read(folder: string): FunctionTemplate[] {
  const path = join(FOLDER, folder);
  const template = schema.parse(JSON.parse(readFileSync(join(path, "template.json"), "utf8")));
  const code = readFileSync(join(path, ENTRY[template.family]), "utf8");
  return RUNTIMES.filter((runtime) => runtime.family === template.family && !older(runtime, template.from))
    .reverse()
    .map(({ name }) => ({
      ...template,
      id: `${template.name}-${name.toLowerCase()}`,
      runtime: name,
      handler: "index.handler",
      code,
    }));
}

function older({ version }: Runtime, from: string): boolean {
  return version.localeCompare(from, "en", { numeric: true }) < 0;
}
