import type { Fault } from "../model/fault.ts";
import type { Runtime } from "../model/runtimes.ts";
import { checkContent, openArchive } from "./archive.ts";
import type { CodeFile } from "./code-file.ts";
import { checkAmount, checkArchiveSize, checkFileName } from "./code-rules.ts";
import { checkLanguage } from "./languages/check-language.ts";

/** An archive to be checked; `name` is what faults of the whole archive call it. */
export interface ArchiveToInspect {
  readonly name: string;
  readonly bytes: Buffer;
  readonly runtime: Runtime;
  readonly handler: string;
}

/** All faults of a dependency's archive: structure and content. Its size is the caller's to check, and it has no entry. */
export async function inspectDependency(name: string, bytes: Buffer): Promise<Fault[]> {
  const { tree, faults } = await openArchive(name, bytes);
  return faults.length > 0 ? [...faults] : checkContent(tree);
}

/**
 * All faults of an archive: size, structure, content, and the rules of its language. Nothing is written to disk, and
 * what looks wrong is not inflated.
 */
export async function inspectArchive({ name, bytes, runtime, handler }: ArchiveToInspect): Promise<Fault[]> {
  const tooLarge = checkArchiveSize(name, bytes.length);
  if (tooLarge.length > 0) return tooLarge;
  const { tree, faults } = await openArchive(name, bytes);
  if (faults.length > 0) return [...faults];
  const content = await checkContent(tree);
  return content.length > 0 ? content : checkLanguage(tree, handler, runtime);
}

/** All faults of code that is one file, by the same rules; what packs it makes no others. */
export async function inspectFile(file: CodeFile, handler: string, runtime: Runtime): Promise<Fault[]> {
  const faults = [...checkFileName(file.name), ...checkAmount(1, file.size)];
  return faults.length > 0 ? faults : checkLanguage(new Map([[file.name, file]]), handler, runtime);
}
