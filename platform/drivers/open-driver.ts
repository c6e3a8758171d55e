import { join } from "node:path";
import type { Driver } from "./driver.ts";
import type { AwaitLine } from "./machine/awaited-line.ts";
import type { OpenLine } from "./machine/line.ts";
import type { VpcKeeper } from "./surroundings.ts";

/** Where instances can run: as processes of this machine, or as containers of its Docker Engine. */
export const DRIVERS = ["process", "docker"] as const;
export type DriverName = (typeof DRIVERS)[number];

/** Why a driver cannot work here; the message says what to do. */
export class DriverUnavailableError extends Error {
  override readonly name = "DriverUnavailableError";
}

/** What a driver is opened with. */
interface DriverTerms {
  readonly dataDir: string;
  /** Of the process driver: `auto` takes the best this machine allows, `bare` asks for none. Default `auto`. */
  readonly isolation?: "auto" | "bare" | undefined;
  /** Folder with all unpacked code. Default: in the data folder. */
  readonly codeRoot?: string;
  /** Of the process driver: makes the streams of instances whose other ends another process has. Default: this process has them. */
  readonly openLine?: OpenLine;
  /** Of the docker driver: has another process listen for the streams. Default: this one does. */
  readonly awaitLine?: AwaitLine;
  /** Of the docker driver: name of a platform of several drivers, whose VPCs `openVpcKeeper` keeps. Default: the driver keeps its own. */
  readonly platform?: string;
}

/**
 * Opens a driver that keeps what it needs below the platform's data folder. Rejects with DriverUnavailableError.
 */
export async function openDriver(name: DriverName, terms: DriverTerms): Promise<Driver> {
  const { dataDir, isolation = "auto", codeRoot = join(dataDir, "code"), openLine, ...shared } = terms;
  const runDir = join(dataDir, "run");
  if (name === "process") {
    const { ProcessDriver } = await import("./process/process-driver.ts");
    return ProcessDriver.open({ runDir, codeRoot, isolation, openLine });
  }
  const { DockerDriver } = await import("./docker/docker-driver.ts");
  return DockerDriver.open({ runDir, ...shared }).catch(unavailable);
}

/** What keeps the VPCs of several drivers is opened with. */
interface KeeperTerms {
  /** Name of the platform, as its drivers have it. */
  readonly platform: string;
  /** Folder that all schedulers share. */
  readonly filesDir: string | undefined;
}

/** Opens what keeps the VPCs of several drivers; undefined where functions have none. Rejects with DriverUnavailableError. */
export async function openVpcKeeper(
  name: DriverName,
  { platform, filesDir }: KeeperTerms,
): Promise<VpcKeeper | undefined> {
  if (name === "process") return undefined;
  if (filesDir === undefined)
    throw new DriverUnavailableError(
      "Schedulers whose functions run in containers keep networks and files of functions together. Start all of them with the same --files FOLDER.",
    );
  const keeper = await import("./docker/vpc/keeper.ts");
  return keeper.openDockerKeeper({ platform, folder: join(filesDir, "zones") }).catch(unavailable);
}

function unavailable(error: unknown): never {
  throw new DriverUnavailableError((error as Error).message, { cause: error });
}
