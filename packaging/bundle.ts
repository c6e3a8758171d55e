import { basename, dirname, extname } from "node:path";
import { build, type BuildFailure, type Message } from "esbuild";
import type { Fault } from "../model/fault.ts";
import type { Runtime } from "../model/runtimes.ts";
import { type CodeFile, memoryFile } from "./code-file.ts";
import { codeFault, PackagingError } from "./packaging-error.ts";

/**
 * Bundles a TypeScript entry with all it imports into one CommonJS file of the same name for the runtime's Node.
 * The text is kept readable and has no source map and no path of this machine: stack traces then read well as they are,
 * and the same sources give the same bytes anywhere. Throws PackagingError with the place of every fault.
 */
export async function bundle(entry: string, runtime: Runtime): Promise<CodeFile> {
  const name = basename(entry, extname(entry));
  try {
    const result = await build({
      absWorkingDir: dirname(entry),
      entryPoints: [basename(entry)],
      outfile: `${name}.js`,
      bundle: true,
      write: false,
      platform: "node",
      format: "cjs",
      target: `node${runtime.version}`,
      charset: "utf8",
      logLevel: "silent",
      // CommonJS has no import.meta: it would be empty where the function runs.
      logOverride: { "empty-import-meta": "error" },
    });
    return memoryFile(`${name}.js`, Buffer.from(result.outputFiles[0]?.contents ?? []));
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new PackagingError(error.errors.map(toFault));
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function toFault({ text, location }: Message): Fault {
  const place = location === null ? "" : `${location.file}:${location.line}:${location.column + 1}`;
  const fix = text.startsWith("No loader")
    ? "Name a folder as code instead, with compiled .js files; its files are packed as they are."
    : "Correct the source, or install what it imports.";
  return codeFault(place, text.replace(/\.$/, ""), fix);
}
