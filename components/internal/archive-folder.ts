import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const FOLDER = ".fungraph/code";
const DAY_MS = 86_400_000;
const OURS = /^[0-9a-f]{32}\.zip/;

const tidied = new Set<string>();

/**
 * Puts an archive where the provider looks for it, under a name made of its content. Whoever finds the file finds all
 * of it. Returns its path, relative to the program's folder.
 */
export async function keepArchive(root: string, digest: string, archive: Buffer): Promise<string> {
  const path = `${FOLDER}/${digest.slice(0, 32)}.zip`;
  const place = join(root, path);
  await mkdir(join(root, FOLDER), { recursive: true });
  if ((await stat(place).catch(() => undefined))?.size === archive.length) await touch(place);
  else await write(place, archive);
  if (!tidied.has(root)) await tidy(join(root, FOLDER));
  tidied.add(root);
  return path;
}

async function write(place: string, archive: Buffer): Promise<void> {
  const draft = `${place}.${process.pid}-${threadId}`;
  await writeFile(draft, archive);
  await rename(draft, place);
}

async function touch(place: string): Promise<void> {
  const now = new Date();
  await utimes(place, now, now);
}

/** An archive is needed from its declaration to its upload; after a day nobody comes for it. */
async function tidy(folder: string): Promise<void> {
  const before = Date.now() - DAY_MS;
  for (const name of (await readdir(folder)).filter((each) => OURS.test(each))) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts !== undefined && facts.mtimeMs < before) await rm(join(folder, name), { force: true });
  }
}
