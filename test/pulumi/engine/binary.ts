import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the Go module that names the engine and all it is made of. */
export const MODULE = fileURLToPath(new URL(".", import.meta.url));

/** The package of the tool that `go.mod` names. */
export const TARGET = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** Arguments of the build. A CLI without a version refuses to work; symbols would double its size. */
export const BUILD = [
  "build",
  "-trimpath",
  "-tags=osusergo",
  `-ldflags=-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${version()}`,
];

/** Where the built engine is kept: outside the checkout, under a name made of everything it is built from. */
export function enginePath(): string {
  const hash = createHash("sha256").update(JSON.stringify([BUILD, TARGET]));
  for (const file of ["go.mod", "go.sum"]) hash.update(readFileSync(join(MODULE, file)));
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "fungraph", "engine", hash.digest("hex").slice(0, 16), "pulumi");
}

/** Why tests with the engine cannot run here; undefined when they can. */
export function missingEngine(): string | undefined {
  return existsSync(enginePath())
    ? undefined
    : "Pulumi's engine is not built here: type `npm run engine` (needs Go; about five minutes, once).";
}

function version(): string {
  const found = /pulumi\/pkg\/v3 (v[\d.]+)/.exec(readFileSync(join(MODULE, "go.mod"), "utf8"));
  if (found?.[1] === undefined) throw new Error("go.mod names no version of the engine");
  return found[1];
}
