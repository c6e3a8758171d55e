import { FileCodeStore } from "../code-store.ts";
import { openDataFolder } from "../data-folder.ts";
import { openSecretBox } from "../secrets.ts";
import type { Store } from "../store.ts";
import { archiveWork } from "../../workshop/workshop.ts";
import { SqliteAsyncRequests } from "./async-requests.ts";
import { codeReferences } from "./code-references.ts";
import { SqliteMetrics } from "./metrics.ts";
import { openRecords } from "./records.ts";

/**
 * Opens the store of a data folder, making the folder (mode 0700) when it is missing. One process at a time: throws
 * DataFolderInUseError while another platform works on it, and DataFolderError for a folder that cannot be used.
 */
export async function openStore(dataDir: string): Promise<Store> {
  const { folder, db } = openDataFolder(dataDir, "store.db");
  try {
    const box = openSecretBox(folder);
    const code = new FileCodeStore(folder, codeReferences(db), archiveWork);
    await code.prepare();
    return {
      ...openRecords(db, box),
      asyncRequests: new SqliteAsyncRequests(db),
      metrics: new SqliteMetrics(db),
      code,
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
