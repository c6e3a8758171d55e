import { writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { makeWhole, makeWholeFolder } from "./make-whole.ts";
import { syncFolder } from "./sync-folder.ts";

/** Writes the files of an archive into an empty folder. */
export type Unpack = (archive: Buffer, folder: string) => Promise<void>;

/** Where an archive goes, each whole or not at all; what is left out is there already. */
export interface Keeping {
  /** The file that it becomes. */
  readonly file?: string | undefined;
  /** The folder that its files go to. */
  readonly folder?: string | undefined;
}

/** Writes an archive durably, then unpacks it. Synchronous where it can be: it runs in a thread of its own. */
export async function keepArchive(archive: Buffer, { file, folder }: Keeping, unpack: Unpack): Promise<void> {
  if (file !== undefined) {
    await makeWhole(file, (draft) => writeFileSync(draft, archive, { flag: "wx", mode: 0o600, flush: true }));
    syncFolder(dirname(file));
  }
  if (folder !== undefined) await makeWholeFolder(folder, (draft) => unpack(archive, draft));
}
