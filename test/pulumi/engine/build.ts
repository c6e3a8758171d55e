import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { buildArguments, ENGINE, type GoProgram, programPath, SDK_GENERATOR, YAML_HOST } from "./binary.ts";

/*
 * Builds Pulumi's CLI, its host of YAML programs and its generators of SDKs from Go modules, unless they have been built before. `npm run engine`.
 */

for (const program of [ENGINE, YAML_HOST, SDK_GENERATOR]) {
  const path = programPath(program);
  if (existsSync(path)) process.stdout.write(`${path} is there.\n`);
  else build(program, path);
}

function build(program: GoProgram, path: string): void {
  const draft = `${path}.${process.pid}`;
  mkdirSync(dirname(path), { recursive: true });
  process.stdout.write(`Building ${program.about} ...\n`);
  const env = { ...process.env, CGO_ENABLED: "0", PATH: `${process.env["PATH"]}:/usr/local/go/bin` };
  const { status, error } = spawnSync("go", [...buildArguments(program), "-o", draft, program.target], {
    cwd: program.module,
    env,
    stdio: "inherit",
  });
  if (error !== undefined) {
    process.stderr.write(`Go cannot be started (${error.message}). Install it from https://go.dev/dl.\n`);
    process.exitCode = 1;
  } else if (status === 0) {
    renameSync(draft, path);
    process.stdout.write(`${path}\n`);
  } else process.exitCode = 1;
}
