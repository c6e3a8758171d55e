import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes the files of an archive into an empty folder. */
export type Unpack = (archive: Buffer, folder: string) => Promise<void>;

/** Where an archive goes; what is left out is there already. */
export interface Keeping {
  /** The file that it becomes, whole or not at all. */
  readonly file?: string | undefined;
  /** The empty folder that its files go to. */
  readonly folder?: string | undefined;
}

/** Writes an archive durably, then unpacks it. Synchronous where it can be: it runs in a thread of its own. */
export async function keepArchive(archive: Buffer, { file, folder }: Keeping, unpack: Unpack): Promise<void> {
  if (file !== undefined) writeWhole(file, archive);
  if (folder !== undefined) await unpack(archive, folder);
}

function writeWhole(file: string, bytes: Buffer): void {
  const folder = dirname(file);
  const draft = join(folder, `.${randomUUID()}`);
  try {
    writeFileSync(draft, bytes, { flag: "wx", mode: 0o600, flush: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(folder);
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
