import { open, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { makeWhole, makeWholeFolder } from "./make-whole.ts";

/** Writes the files of an archive into an empty folder. */
export type Unpack = (archive: Buffer, folder: string) => Promise<void>;

/** Where an archive goes, each whole or not at all; what is left out is there already. */
export interface Keeping {
  /** The file that it becomes. */
  readonly file?: string | undefined;
  /** The folder that its files go to. */
  readonly folder?: string | undefined;
}

/**
 * Writes an archive durably and unpacks it meanwhile; the folder appears when both are done. Runs in a thread of its own,
 * since unpacking works synchronously where it can.
 */
export async function keepArchive(archive: Buffer, { file, folder }: Keeping, unpack: Unpack): Promise<void> {
  const written = file === undefined ? Promise.resolve() : writeDurably(file, archive);
  if (folder === undefined) return written;
  await makeWholeFolder(folder, async (draft) => {
    const ends = await Promise.allSettled([written, unpack(archive, draft)]);
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  });
}

async function writeDurably(file: string, archive: Buffer): Promise<void> {
  await makeWhole(file, (draft) => writeFile(draft, archive, { flag: "wx", mode: 0o600, flush: true }));
  await using folder = await open(dirname(file), "r");
  await folder.sync();
}
