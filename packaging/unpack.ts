import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { damaged, openArchive } from "./archive.ts";
import { type CodeFile, isProgram } from "./code-file.ts";
import { PackagingError } from "./packaging-error.ts";

/**
 * Writes the files of an archive into an empty folder. Files become read-only for everybody, whatever the umask: 0555
 * when they are programs, 0444 otherwise. Links, paths out of the folder and more bytes than are allowed never reach the
 * disk. Throws PackagingError for a bad archive; what was written until then is the caller's to remove.
 */
export async function unpackArchive(archive: Buffer, folder: string): Promise<void> {
  const { tree, faults } = await openArchive("archive", archive);
  if (faults.length > 0) throw new PackagingError(faults);
  const made = new Set<string>([folder]);
  for (const file of tree.values()) {
    const path = join(folder, file.name);
    await makeFolder(dirname(path), made);
    await writeOut(file, path);
  }
}

async function makeFolder(path: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  await makeFolder(dirname(path), made);
  await mkdir(path);
  const handle = await open(path);
  await handle.chmod(0o755).finally(() => handle.close());
  made.add(path);
}

async function writeOut(file: CodeFile, path: string): Promise<void> {
  const handle = await open(path, "wx");
  try {
    let program = file.executable;
    let first = true;
    for await (const chunk of readable(file)) {
      program ||= first && isProgram(chunk);
      first = false;
      await handle.writeFile(chunk);
    }
    await handle.chmod(program ? 0o555 : 0o444);
  } finally {
    await handle.close();
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
