import { constants } from "node:fs";
import { copyFile, link, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { join } from "node:path";

/**
 * Puts a tree of code where one instance sees it: the same files under a second name each, so that nothing is copied and nothing but this tree
 * comes into sight. Whoever sees the folder must not be able to write in it.
 * @param to an existing, empty folder
 */
export async function linkTree(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (entry.isDirectory()) {
        await mkdir(target, { mode: 0o755 });
        await linkTree(source, target);
      } else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
      else await linkFile(source, target);
    }),
  );
}

async function linkFile(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Another file system, or more names than the file system gives one file.
    if (code !== "EXDEV" && code !== "EMLINK") throw error;
    await copyFile(source, target, constants.COPYFILE_FICLONE);
  }
}
