import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A program that is built from a Go module of its own. */
export interface GoProgram {
  /** What it is, for whoever waits. */
  readonly about: string;
  /** Folder of the module that names it and all it is made of. */
  readonly module: string;
  /** Its package. */
  readonly target: string;
  /** Name of the file. */
  readonly name: string;
}

/** Pulumi's CLI, the engine in it. */
export const ENGINE: GoProgram = {
  about: "Pulumi's engine, about five minutes",
  module: fileURLToPath(new URL(".", import.meta.url)),
  target: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  name: "pulumi",
};

/** Pulumi's host of YAML programs, of a release that cannot share the engine's module. */
export const YAML_HOST: GoProgram = {
  about: "Pulumi's host of YAML programs, about a minute",
  module: fileURLToPath(new URL("yaml/", import.meta.url)),
  target: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  name: "pulumi-language-yaml",
};

/** Pulumi's generators of SDKs, which the hosts of languages would run. */
export const SDK_GENERATOR: GoProgram = {
  about: "Pulumi's generators of SDKs, about a minute",
  module: fileURLToPath(new URL("sdk/", import.meta.url)),
  target: ".",
  name: "pulumi-sdk",
};

/** Arguments of a build. A CLI without a version refuses to work; symbols would double its size. */
export function buildArguments(program: GoProgram): string[] {
  const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${versionOf(program)}`;
  return ["build", "-trimpath", "-tags=osusergo", `-ldflags=-s -w -X ${version}`];
}

/** Where a built program is kept: outside the checkout, under a name made of everything it is built from. */
export function programPath(program: GoProgram): string {
  const hash = createHash("sha256").update(JSON.stringify([buildArguments(program), program.target]));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(program.module, file)));
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "fungraph", "engine", hash.digest("hex").slice(0, 16), program.name);
}

/** Why tests with the engine cannot run here; undefined when they can. */
export function missingEngine(): string | undefined {
  return missingProgram(ENGINE);
}

/** Why tests with one of the programs cannot run here; undefined when they can. */
export function missingProgram(program: GoProgram): string | undefined {
  return existsSync(programPath(program))
    ? undefined
    : `${program.name} is not built here: type \`npm run engine\` (needs Go; some minutes, once).`;
}

function versionOf({ module }: GoProgram): string {
  const found = /pulumi\/pkg\/v3 (v[\d.]+)/.exec(readFileSync(join(module, "go.mod"), "utf8"));
  if (found?.[1] === undefined) throw new Error(`${module}go.mod names no version of the engine`);
  return found[1];
}
