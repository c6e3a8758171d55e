import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";

const FOLDER = ".fungraph/code";
const DAY_MS = 86_400_000;
const OURS = /^[0-9a-f]{32}\.zip/;

const tidied = new Set<string>();

/**
 * Puts an archive where the provider looks for it, under a name made of its content. Whoever finds the file finds all
 * of it. Returns its path, relative to the program's folder. Blocks: it is called where somebody waits anyway.
 */
export function keepArchive(root: string, digest: string, archive: Buffer): string {
  const path = `${FOLDER}/${digest.slice(0, 32)}.zip`;
  const place = join(root, path);
  mkdirSync(join(root, FOLDER), { recursive: true });
  if (statSync(place, { throwIfNoEntry: false })?.size === archive.length) touch(place);
  else write(place, archive);
  if (!tidied.has(root)) tidy(join(root, FOLDER));
  tidied.add(root);
  return path;
}

function write(place: string, archive: Buffer): void {
  const draft = `${place}.${process.pid}-${threadId}`;
  writeFileSync(draft, archive);
  renameSync(draft, place);
}

function touch(place: string): void {
  const now = new Date();
  utimesSync(place, now, now);
}

/** An archive is needed from its declaration to its upload; after a day nobody comes for it. */
function tidy(folder: string): void {
  const before = Date.now() - DAY_MS;
  for (const name of readdirSync(folder).filter((each) => OURS.test(each))) {
    const facts = statSync(join(folder, name), { throwIfNoEntry: false });
    if (facts !== undefined && facts.mtimeMs < before) rmSync(join(folder, name), { force: true });
  }
}
