import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { DataFolderError, DataFolderInUseError } from "./errors.ts";
import { Database } from "./sqlite/database.ts";

/**
 * Makes a data folder (mode 0700) when it is missing, and opens a database file in it. One process at a time: throws
 * DataFolderInUseError while another platform works on it, and DataFolderError for a folder that cannot be used.
 */
export function openDataFolder(
  dataDir: string,
  file: string,
): { readonly folder: string; readonly db: Database } {
  const folder = resolve(dataDir);
  usable(folder, () => makeFolder(folder));
  const db = openDatabase(folder, file);
  try {
    usable(folder, () => {
      chmodSync(folder, 0o700);
      writeFileSync(join(folder, "pid"), `${process.pid}\n`);
    });
    return { folder, db };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What Node does for `recursive`, but for ever where the system has no folders of one's own, such as under /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolder(parent);
  mkdirSync(folder, { mode: 0o700 });
}

function usable(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw new DataFolderError(
      `The data folder ${folder} cannot be used: ${(error as Error).message}. Choose another folder, or change who may write there.`,
      { cause: error },
    );
  }
}

function openDatabase(folder: string, file: string): Database {
  try {
    return Database.open(join(folder, file));
  } catch (error) {
    if (!(error instanceof DataFolderInUseError)) throw error;
    throw new DataFolderInUseError(
      `The data folder ${folder} is in use by another platform${holder(folder)}. Stop that one, or choose another data folder.`,
      { cause: error },
    );
  }
}

function holder(folder: string): string {
  try {
    return ` (process ${readFileSync(join(folder, "pid"), "utf8").trim()})`;
  } catch {
    return "";
  }
}
