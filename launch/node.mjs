// Which Node this package's programs run on, whatever Node the user has.
// Plain JavaScript that Node 18 and newer understand, with no dependency: it runs before anything else is known to work.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const NEEDED = 24;

/** Arguments that let Node run the package's TypeScript. */
export const nodeArguments = [
  "--disable-warning=ExperimentalWarning",
  "--import",
  join(dirname(fileURLToPath(import.meta.url)), "typescript.mjs"),
];

/**
 * What glibc's allocator is told, for whoever does not tell it himself: to give back what is free. Left alone it keeps up to 64 MB at the end
 * of its heap, and a heap for every thread. Read when a process starts, and by no other C library.
 */
export const nodeEnvironment = {
  MALLOC_ARENA_MAX: "2",
  MALLOC_MMAP_THRESHOLD_: "131072",
  MALLOC_TRIM_THRESHOLD_: "131072",
};

/** True when the Node that runs now is new enough. */
export function isNewEnough() {
  return Number(process.versions.node.split(".")[0]) >= NEEDED;
}

/** Path of the Node that the package brings, else of the one that runs now; ends the process when neither will do. */
export function findNode() {
  const node = packagedNode() ?? (isNewEnough() ? process.execPath : undefined);
  if (node !== undefined) return node;
  process.stderr.write(
    `fungraph runs on Node ${NEEDED}, which its dependency "node" brings, but that is not installed (this is Node ${process.versions.node}).\n` +
      "Run: npm rebuild node\n" +
      "(where npm asks for leave first: npm install-scripts approve node), or use Node 24 or newer.\n",
  );
  return process.exit(1);
}

function packagedNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("node/package.json"));
    const file = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
