import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { BUILD, enginePath, MODULE, TARGET } from "./binary.ts";

/*
 * Builds Pulumi's CLI, the engine in it, from Go modules, unless it has been built before. `npm run engine`.
 */

const target = enginePath();
if (existsSync(target)) process.stdout.write(`${target} is there.\n`);
else build();

function build(): void {
  const draft = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  process.stdout.write("Building Pulumi's engine, about five minutes ...\n");
  const env = { ...process.env, CGO_ENABLED: "0", PATH: `${process.env["PATH"]}:/usr/local/go/bin` };
  const { status, error } = spawnSync("go", [...BUILD, "-o", draft, TARGET], {
    cwd: MODULE,
    env,
    stdio: "inherit",
  });
  if (error !== undefined) {
    process.stderr.write(`Go cannot be started (${error.message}). Install it from https://go.dev/dl.\n`);
    process.exitCode = 1;
  } else if (status === 0) {
    renameSync(draft, target);
    process.stdout.write(`${target}\n`);
  } else process.exitCode = 1;
}
