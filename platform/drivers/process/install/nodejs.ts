import { existsSync, readFileSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedFolder } from "../languages/installed.ts";
import { moduleSet } from "../languages/nodejs.ts";
import { install, tool, type Installation } from "./installation.ts";

const VERSIONS = fileURLToPath(new URL("../../../../runtime-images/nodejs/versions", import.meta.url));
/** `ci` checks what it gets against the lock's checksums. Local packages become folders, not links to the work folder. */
const CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--install-links"];

/** What of npm's lock file is used. */
interface Lock {
  readonly packages: Readonly<Record<string, object>>;
}

/** The last release of each Node.js line that functions may ask for, from npm; for Linux on x86-64. */
export function nodeVersions(): Installation[] {
  const lock = JSON.parse(readFileSync(join(VERSIONS, "package-lock.json"), "utf8")) as Lock;
  return Object.keys(lock.packages)
    .filter((path) => path !== "")
    .map((path) => ({
      what: "nodejs",
      folder: join(installedFolder(), basename(path)),
      make: (work) => makeVersion(work, path, lock),
    }));
}

/** Installs one of the packages of a lock alone. */
async function makeVersion(work: string, path: string, lock: Lock): Promise<string> {
  const { name, version } = lock.packages[path] as { name: string; version: string };
  const dependencies = { [basename(path)]: `npm:${name}@${version}` };
  const one = { ...lock, packages: { "": { dependencies }, [path]: lock.packages[path] } };
  await writeFile(join(work, "package.json"), JSON.stringify({ private: true, dependencies }));
  await writeFile(join(work, "package-lock.json"), JSON.stringify(one));
  await tool("npm", CI, { cwd: work });
  return join(work, path);
}

/** The modules of guide table 3-42. */
export function nodeModules(): Installation[] {
  return ["12.0.0", "14.0.0"].map(modulesOf);
}

/**
 * Installs the modules that fit a version of Node.js, unless they are there.
 * @returns the folder whose `node_modules` holds them
 */
export async function installModules(version: string): Promise<string> {
  const modules = modulesOf(version);
  await install(modules);
  return modules.folder;
}

function modulesOf(version: string): Installation {
  const { list, folder } = moduleSet(version);
  return { what: "nodejs-libraries", folder, make: (work) => makeModules(work, list) };
}

async function makeModules(work: string, list: string): Promise<string> {
  // The list names a package beside it.
  await cp(dirname(list), work, { recursive: true });
  const set = join(work, basename(list));
  await tool("npm", CI, { cwd: set });
  if (!existsSync(join(set, "node_modules"))) throw new Error("npm installed nothing");
  return set;
}
