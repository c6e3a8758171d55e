import { closeSync, fsyncSync, openSync } from "node:fs";

/** Brings the names in a folder to the disk: a file that was made there or renamed is found after a power failure. Throws what the disk says. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
