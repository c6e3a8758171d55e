import { join } from "node:path";
import { DriverUnavailableError, type DriverName } from "../../platform/drivers/open-driver.ts";
import { startPlatform, type RunningPlatform } from "../../platform/main.ts";
import { DataFolderInUseError } from "../../platform/store/errors.ts";
import { readConnection, removeConnection, writeConnection } from "../../client/connection-file.ts";
import { UserError } from "../exit.ts";
import { note, warn } from "../terminal/screen.ts";

/** Port of a platform on this machine when none is asked for and it is free. */
const USUAL_PORT = 8420;

/** Where and how a platform on this machine is started. */
export interface LocalOptions {
  /** Folder for all it keeps. */
  readonly dataDir: string;
  /** Undefined: the usual one, or a free one when that is taken. 0: any free one. */
  readonly port: number | undefined;
  readonly host: string;
  readonly driver: DriverName;
}

/**
 * Starts the platform in this process and leaves its connection in the data folder, until `close`.
 * @throws UserError when another one serves from the same data folder, or the port cannot be had
 */
export async function startLocalPlatform(options: LocalOptions): Promise<RunningPlatform> {
  const { dataDir } = options;
  const platform = await listen(options);
  const { endpoint, projectId, region, accessKey, secretKey } = platform;
  await writeConnection(dataDir, { endpoint, projectId, region, accessKey, secretKey, pid: process.pid });
  return {
    ...platform,
    close: async () => {
      removeConnection(dataDir);
      await platform.close();
    },
  };
}

/** Says which isolation this machine lacks. */
export function tellMissingIsolation(platform: RunningPlatform): void {
  for (const sentence of platform.isolation.missing) warn(`Isolation: ${sentence}`);
}

async function listen({ dataDir, port, host, driver }: LocalOptions): Promise<RunningPlatform> {
  const start = (wanted: number) =>
    startPlatform({ dataDir: join(dataDir, "platform"), port: wanted, host, driver, problem: tellOnce() });
  try {
    return await start(port ?? USUAL_PORT);
  } catch (error) {
    if (error instanceof DataFolderInUseError) throw new UserError(inUse(dataDir));
    if (error instanceof DriverUnavailableError) throw new UserError(error.message);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" && port === undefined) {
      note(`Port ${USUAL_PORT} is taken, so another free one is used.`);
      return await start(0);
    }
    if (code === "EADDRINUSE")
      throw new UserError(`Port ${port} on ${host} is taken. Give another one with --port, or leave it out.`);
    if (code === "ERR_SOCKET_BAD_PORT")
      throw new UserError(
        `--port ${port} is no port. Give a whole number from 0 to 65535; 0 takes any free one.`,
      );
    if (code === "EACCES")
      throw new UserError(
        `Port ${port} on ${host} is not allowed for this user. Give one above 1023 with --port.`,
      );
    if (code === "EADDRNOTAVAIL")
      throw new UserError(`This machine has no address ${host}. Try --host 127.0.0.1.`);
    throw error;
  }
}

function inUse(dataDir: string): string {
  const other = readConnection(dataDir);
  const who = other === undefined ? "" : `: process ${other.pid}, ${other.endpoint}`;
  return `A platform already works in ${dataDir}${who}. Stop it, or use another folder with --data.`;
}

/** Tells what went wrong in the background; the same thing again and again is told once. */
function tellOnce(): (error: unknown) => void {
  let last = "";
  return (error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (message !== last) warn(`Platform: ${message}`);
    last = message;
  };
}
