import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where images keep interpreters; a machine may do so too. */
const SYSTEM = "/opt/function/runtime";

/** An interpreter in a folder of its own that is named after it, for example `nodejs14.21.3`. */
export interface Installed {
  readonly version: string;
  readonly folder: string;
}

/** Where `fungraph runtimes install` puts interpreters and libraries: `$FUNGRAPH_RUNTIMES`, else in the user's cache. */
export function installedFolder(): string {
  const { FUNGRAPH_RUNTIMES, XDG_CACHE_HOME } = process.env;
  if (FUNGRAPH_RUNTIMES) return resolve(FUNGRAPH_RUNTIMES);
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "fungraph/runtimes");
}

/** The interpreters of a kind, for example `nodejs`; those of the user's own folder first. */
export function installed(kind: string): Installed[] {
  return [installedFolder(), SYSTEM].flatMap((parent) =>
    (existsSync(parent) ? readdirSync(parent) : [])
      .filter((name) => name.startsWith(kind) && /^\d+(\.\d+)+$/.test(name.slice(kind.length)))
      .map((name) => ({ version: name.slice(kind.length), folder: join(parent, name) })),
  );
}

/**
 * The folder of a set of libraries, whether it is installed or not; another for every change of what it is made from.
 * @param name for example `python3.12`. @param lists files that pin the libraries
 */
export function librariesFolder(name: string, lists: readonly string[]): string {
  const hash = createHash("sha256");
  for (const list of lists) hash.update(readFileSync(list)).update("\0");
  return join(installedFolder(), "libraries", `${name}-${hash.digest("hex").slice(0, 12)}`);
}
