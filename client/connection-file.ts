import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";

const Connection = z.object({
  endpoint: z.string(),
  projectId: z.string(),
  region: z.string(),
  accessKey: z.string(),
  secretKey: z.string(),
  /** Process that serves. */
  pid: z.int(),
});
/** Where a running platform is, and the keys that open it. */
export type Connection = z.infer<typeof Connection>;

const NAME = "connection.json";
/** Folder beside a program that holds all that Fungraph writes. */
export const DATA_FOLDER = ".fungraph";

/** Leaves the connection in a data folder for other commands; only this user can read it. */
export async function writeConnection(dataDir: string, connection: Connection): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const draft = join(dataDir, `${NAME}.new`);
  rmSync(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(dataDir, NAME));
}

/** Takes the connection away, when it is still the one of this process. */
export function removeConnection(dataDir: string): void {
  if (readConnection(dataDir)?.pid === process.pid) rmSync(join(dataDir, NAME), { force: true });
}

/** The connection in a data folder, whether its platform still runs or not. */
export function readConnection(dataDir: string): Connection | undefined {
  try {
    return Connection.parse(JSON.parse(readFileSync(join(dataDir, NAME), "utf8")));
  } catch {
    return undefined;
  }
}

/** The nearest data folder with a connection, from a folder upward. */
export function findDataFolder(from: string): string | undefined {
  const candidate = join(from, DATA_FOLDER);
  if (readConnection(candidate) !== undefined) return candidate;
  const parent = dirname(resolve(from));
  return parent === resolve(from) ? undefined : findDataFolder(parent);
}

/** Whether the process that left the connection still runs. */
export function isServing(connection: Connection): boolean {
  try {
    process.kill(connection.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
