import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { damaged, openArchive } from "./archive.ts";
import { type CodeFile, isProgram } from "./code-file.ts";
import { PackagingError } from "./packaging-error.ts";

/**
 * Writes the files of an archive into an empty folder. Files become read-only for everybody, whatever the umask: 0555
 * when they are programs, 0444 otherwise. Links, paths out of the folder and more bytes than are allowed never reach the
 * disk. Throws PackagingError for a bad archive; what was written until then is the caller's to remove. Writes
 * synchronously: for a thread that has nothing else to do.
 */
export async function unpackArchive(archive: Buffer, folder: string): Promise<void> {
  const { tree, faults } = await openArchive("archive", archive);
  if (faults.length > 0) throw new PackagingError(faults);
  const made = new Set<string>([folder]);
  for (const file of tree.values()) {
    const path = join(folder, file.name);
    makeFolder(dirname(path), made);
    await writeOut(file, path);
  }
}

function makeFolder(path: string, made: Set<string>): void {
  if (made.has(path)) return;
  makeFolder(dirname(path), made);
  mkdirSync(path);
  chmodSync(path, 0o755);
  made.add(path);
}

async function writeOut(file: CodeFile, path: string): Promise<void> {
  const handle = openSync(path, "wx");
  try {
    let program = file.executable;
    let first = true;
    for await (const chunk of readable(file)) {
      program ||= first && isProgram(chunk);
      first = false;
      for (let at = 0; at < chunk.length;) at += writeSync(handle, chunk, at);
    }
    fchmodSync(handle, program ? 0o555 : 0o444);
  } finally {
    closeSync(handle);
  }
}

/** Tells an archive that cannot be read from a disk that cannot be written. */
async function* readable(file: CodeFile): AsyncGenerator<Buffer> {
  try {
    yield* file.chunks();
  } catch (error) {
    throw new PackagingError([damaged(file.name, error)]);
  }
}
