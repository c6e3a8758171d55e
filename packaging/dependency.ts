import { hash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import { checkCodePath } from "./code-path.ts";
import { readFolder } from "./folder.ts";
import { inspectDependency } from "./inspect.ts";
import { codeFault, PackagingError } from "./packaging-error.ts";
import { writeZip } from "./zip.ts";

/** The archive of a dependency, which keeps every rule. */
export interface PackedDependency {
  readonly archive: Buffer;
  /** MD5 of the archive, hex: what the API shows of a dependency. */
  readonly etag: string;
  /** Bytes of the archive. */
  readonly size: number;
}

/**
 * Packs the files of a dependency, a folder or a `.zip` file, and checks them by every rule (guide 3.9, FAQ 6.2). The
 * same content gives the same bytes.
 * @param place `code` is the path, which counts from `root`
 * @throws PackagingError with all faults
 */
export async function packDependency(place: {
  readonly root: string;
  readonly code: string;
}): Promise<PackedDependency> {
  refuse(checkCodePath(place));
  const path = resolve(place.root, place.code);
  const archive = (await stat(path)).isDirectory()
    ? await packFolder(path)
    : await readArchive(place.code, path);
  refuse(checkSize(place.code, archive.length));
  return { archive, etag: hash("md5", archive, "hex"), size: archive.length };
}

async function packFolder(path: string): Promise<Buffer> {
  const { tree, faults } = readFolder(path);
  refuse(faults);
  return await writeZip(tree.values());
}

async function readArchive(code: string, path: string): Promise<Buffer> {
  if (extname(path) !== ".zip")
    refuse([
      codeFault(code, "a dependency is a folder or a .zip file", "Name the folder that the file is in."),
    ]);
  const bytes = await readFile(path);
  refuse(await inspectDependency(code, bytes));
  return bytes;
}

function checkSize(code: string, bytes: number): Fault[] {
  if (bytes <= LIMITS.dependencyUploadBytes) return [];
  return [
    codeFault(
      code,
      `has ${bytes} bytes packed, at most ${LIMITS.dependencyUploadBytes} are allowed`,
      "Leave out what the libraries do not need, or split them into several dependencies.",
      "FSS.1071",
    ),
  ];
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new PackagingError(faults);
}
