import { hash } from "node:crypto";
import type { Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import type { Fault } from "../model/fault.ts";
import { CodeType, findRuntime, type Runtime } from "../model/runtimes.ts";
import { bundle } from "./bundle.ts";
import type { CodeTree } from "./code-file.ts";
import { checkCodePath } from "./code-path.ts";
import { compileGo, isGoSource } from "./compile-go.ts";
import { checkArchiveSize } from "./code-rules.ts";
import { readFolder } from "./folder.ts";
import { inspectArchive } from "./inspect.ts";
import { checkLanguage } from "./languages/check-language.ts";
import { codeFault, PackagingError } from "./packaging-error.ts";
import { writeZip } from "./zip.ts";

/** What is to be packed, and for which function. */
export interface CodeToPack {
  /** A folder (of a Go module too, which is compiled), a `.zip` or `.jar` file, or a `.ts` entry, as the user wrote it. */
  readonly code: string;
  /** The folder that `code` counts from. */
  readonly root: string;
  readonly runtime: string;
  readonly handler: string;
}

/** An archive that keeps every rule. */
export interface PackedCode {
  readonly archive: Buffer;
  /** SHA-512 of the archive, hex. */
  readonly digest: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Name shown to users. */
  readonly filename: string;
  readonly type: CodeType;
}

/**
 * Packs a function's code and checks it by every rule. The same content gives the same bytes.
 * Throws PackagingError with all faults.
 */
export async function packCode(given: CodeToPack): Promise<PackedCode> {
  const runtime = findRuntime(given.runtime);
  if (runtime === undefined) throw new PackagingError([unknownRuntime(given.runtime)]);
  refuse(checkCodePath(given));
  const path = resolve(given.root, given.code);
  const facts = await stat(path);
  if (!runtime.codeTypes.includes(CodeType.Zip)) throw new PackagingError([wrongType(given.code, runtime)]);
  if (facts.isDirectory()) return packFolder(path, runtime, given.handler);
  const kind = extname(path);
  if (kind === ".ts" && runtime.family === "nodejs") return packEntry(path, runtime, given.handler);
  if (kind === ".zip" || kind === ".jar") return takeArchive(path, facts, { ...given, kind, runtime });
  throw new PackagingError([wrongKind(given.code, kind)]);
}

async function packFolder(path: string, runtime: Runtime, handler: string): Promise<PackedCode> {
  const { tree, faults } = readFolder(path);
  if (faults.length > 0) throw new PackagingError(faults);
  const compiled = runtime.family === "go" && isGoSource(tree, handler);
  return packTree(compiled ? await compileGo(path, tree, handler) : tree, runtime, handler);
}

async function packEntry(path: string, runtime: Runtime, handler: string): Promise<PackedCode> {
  const file = await bundle(path, runtime);
  return packTree(new Map([[file.name, file]]), runtime, handler);
}

async function packTree(tree: CodeTree, runtime: Runtime, handler: string): Promise<PackedCode> {
  refuse(await checkLanguage(tree, handler, runtime));
  return packed(await writeZip(tree.values()), "index.zip", CodeType.Zip);
}

interface GivenArchive {
  readonly code: string;
  readonly kind: ".zip" | ".jar";
  readonly runtime: Runtime;
  readonly handler: string;
}

async function takeArchive(path: string, facts: Stats, given: GivenArchive): Promise<PackedCode> {
  const type = given.kind === ".jar" ? CodeType.Jar : CodeType.Zip;
  if (!given.runtime.codeTypes.includes(type))
    throw new PackagingError([wrongType(given.code, given.runtime)]);
  refuse(checkArchiveSize(given.code, facts.size));
  const bytes = await readFile(path);
  refuse(await inspectArchive({ name: given.code, bytes, runtime: given.runtime, handler: given.handler }));
  return packed(bytes, basename(path), type);
}

function packed(archive: Buffer, filename: string, type: CodeType): PackedCode {
  return { archive, digest: hash("sha512", archive, "hex"), size: archive.length, filename, type };
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new PackagingError(faults);
}

function unknownRuntime(name: string): Fault {
  return {
    property: "runtime",
    value: name,
    rule: "is not a runtime of the service",
    fix: 'Use "Node.js20.15" or "Python3.10", for example.',
    code: "FSS.1005",
  };
}

function wrongKind(code: string, kind: string): Fault {
  const fix =
    kind === ".ts"
      ? "Use a Node.js runtime for a TypeScript entry."
      : "Name the folder that the file is in; all of it is packed.";
  return codeFault(code, "code is a folder, a .zip or .jar file, or a .ts entry of a Node.js function", fix);
}

function wrongType(code: string, runtime: Runtime): Fault {
  return codeFault(
    code,
    `the runtime ${runtime.name} takes ${runtime.codeTypes.join(", ")}`,
    runtime.codeTypes.includes(CodeType.Zip) ? "Pack the code as .zip." : "Push an image instead.",
    "FSS.1006",
  );
}
