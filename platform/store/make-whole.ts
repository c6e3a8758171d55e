import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";

/** Makes something under a hidden name and gives it its own when it is whole; on any error nothing of it stays. */
export async function makeWhole(path: string, make: (draft: string) => void | Promise<void>): Promise<void> {
  const draft = join(dirname(path), `.${randomUUID()}`);
  try {
    await make(draft);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

/** A folder that every user may read, whole or not at all; `fill` gets it empty. */
export function makeWholeFolder(path: string, fill: (draft: string) => Promise<void>): Promise<void> {
  return makeWhole(path, (draft) => {
    mkdirSync(draft);
    chmodSync(draft, 0o755); // whatever the umask: functions run as another user
    return fill(draft);
  });
}
