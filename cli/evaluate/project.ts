import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../exit.ts";
import type { ProgramRequest } from "./messages.ts";

const ProjectFile = z.looseObject({ name: z.string().optional(), main: z.string().optional() });
const StackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).optional() });
const Secure = z.strictObject({ secure: z.string() });

/** A program's folder with its Pulumi project file, and the stack it is run as. */
export interface Project {
  /** Absolute path. */
  readonly folder: string;
  readonly program: ProgramRequest;
}

/**
 * Finds the program in a folder: `main` of its Pulumi.yaml, or index.ts.
 * @param settings `key=value` pairs that go over the stack's file; a key without a colon belongs to the project
 * @throws UserError when there is no program, or a file cannot be read
 */
export function findProject(folder: string, stack: string, settings: readonly string[]): Project {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw new UserError(
      `There is no folder "${folder}". Give the folder of a program, for example: fungraph dev examples/photo-api`,
    );
  }
  const projectFile = readYaml(root, "Pulumi", ProjectFile);
  const name = projectFile?.name ?? basename(root);
  const stackFile = readYaml(root, `Pulumi.${stack}`, StackFile);
  const config = {
    ...stackConfig(stackFile?.config ?? {}, `Pulumi.${stack}.yaml`),
    ...givenConfig(settings),
  };
  return {
    folder: root,
    program: {
      entry: findEntry(root, folder, projectFile?.main),
      project: name,
      stack,
      config: qualify(config, name),
    },
  };
}

function findEntry(root: string, given: string, main: string | undefined): string {
  const wanted = main ?? ".";
  const path = resolve(root, wanted);
  const candidates =
    existsSync(path) && statSync(path).isDirectory()
      ? ["index.ts", "index.mts", "index.js"].map((file) => join(path, file))
      : [path];
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry !== undefined) return entry;
  throw new UserError(
    main === undefined
      ? `"${given}" has no program: neither a Pulumi.yaml with "main" nor an index.ts is there. Write an index.ts, or give another folder.`
      : `Pulumi.yaml in "${given}" says main: ${main}, but there is no such file. Mend "main" or write the file.`,
  );
}

function readYaml<T>(root: string, name: string, schema: z.ZodType<T>): T | undefined {
  const file = [`${name}.yaml`, `${name}.yml`].find((candidate) => existsSync(join(root, candidate)));
  if (file === undefined) return undefined;
  try {
    return schema.parse(parse(readFileSync(join(root, file), "utf8")) ?? {});
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new UserError(`${file} cannot be read: ${reason}`);
  }
}

function stackConfig(config: Record<string, unknown>, file: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      if (Secure.safeParse(value).success) {
        throw new UserError(
          `${file}: the value of "${key}" is encrypted by Pulumi and cannot be read here. Give it in clear for this run: --config ${key}=VALUE`,
        );
      }
      return [key, typeof value === "string" ? value : JSON.stringify(value)];
    }),
  );
}

function givenConfig(settings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    settings.map((setting) => {
      const split = setting.indexOf("=");
      if (split < 1)
        throw new UserError(
          `--config "${setting}" is not KEY=VALUE. Example: --config fungraph:target=embedded`,
        );
      return [setting.slice(0, split), setting.slice(split + 1)];
    }),
  );
}

function qualify(config: Record<string, string>, project: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}
