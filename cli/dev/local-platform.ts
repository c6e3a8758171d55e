import { join } from "node:path";
import { DriverUnavailableError } from "../../platform/drivers/open-driver.ts";
import { startPlatform, type ClusterConfig, type RunningPlatform } from "../../platform/main.ts";
import {
  DataFolderError,
  DataFolderInUseError,
  StoreFullError,
  StoreUnavailableError,
} from "../../platform/store/errors.ts";
import { readConnection, removeConnection, writeConnection } from "../../client/connection-file.ts";
import { UserError } from "../exit.ts";
import type { PlatformOptions } from "../platform-options.ts";
import { note, warn } from "../terminal/screen.ts";

/** Port of a platform on this machine when none is asked for and it is free. */
const USUAL_PORT = 8420;

/** Where and how a platform on this machine is started. */
export interface LocalOptions extends PlatformOptions {
  /** Folder for all it keeps. */
  readonly dataDir: string;
  /** Set: this process is one of several. */
  readonly cluster?: ClusterConfig | undefined;
}

/**
 * Starts the platform in this process and leaves its connection in the data folder, until `close`.
 * @throws UserError when another one serves from the same data folder, or the folder, the port or a setting is wrong
 */
export async function startLocalPlatform(options: LocalOptions): Promise<RunningPlatform> {
  const { dataDir } = options;
  const platform = await listen(options);
  const { endpoint, projectId, region, accessKey, secretKey } = platform;
  try {
    await writeConnection(dataDir, { endpoint, projectId, region, accessKey, secretKey, pid: process.pid });
  } catch (error) {
    await platform.close();
    throw error;
  }
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

async function listen({ port, host, ...options }: LocalOptions): Promise<RunningPlatform> {
  const dataDir = join(options.dataDir, "platform");
  const start = (wanted: number) =>
    startPlatform({ ...options, dataDir, port: wanted, host, problem: tellOnce() });
  try {
    return await start(port ?? USUAL_PORT);
  } catch (error) {
    if (error instanceof DataFolderInUseError) throw new UserError(inUse(options.dataDir));
    if (isUserFault(error)) throw new UserError((error as Error).message);
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" && port === undefined) {
      note(`Port ${USUAL_PORT} is taken, so another free one is used.`);
      return await start(0);
    }
    if (code === "EADDRINUSE")
      throw new UserError(`Port ${port} on ${host} is taken. Give another one with --port, or leave it out.`);
    if (code === "EACCES")
      throw new UserError(
        `Port ${port} on ${host} is not allowed for this user. Give one above 1023 with --port.`,
      );
    if (code === "EADDRNOTAVAIL")
      throw new UserError(`This machine has no address ${host}. Try --host 127.0.0.1.`);
    throw error;
  }
}

/** What the folder, a limit, the time zone or the machine is to blame for; the platform's sentence says what to do. */
function isUserFault(error: unknown): boolean {
  const kinds = [DriverUnavailableError, DataFolderError, StoreFullError, StoreUnavailableError, RangeError];
  return kinds.some((kind) => error instanceof kind);
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
