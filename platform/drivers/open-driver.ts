import { join } from "node:path";
import type { Driver } from "./driver.ts";

/** Where instances can run: as processes of this machine, or as containers of its Docker Engine. */
export const DRIVERS = ["process", "docker"] as const;
export type DriverName = (typeof DRIVERS)[number];

/** Why a driver cannot work here; the message says what to do. */
export class DriverUnavailableError extends Error {
  override readonly name = "DriverUnavailableError";
}

/**
 * Opens a driver that keeps what it needs below the platform's data folder. Rejects with DriverUnavailableError.
 * @param options.isolation of the process driver: `auto` takes the best this machine allows, `bare` asks for none
 */
export async function openDriver(
  name: DriverName,
  { dataDir, isolation }: { readonly dataDir: string; readonly isolation: "auto" | "bare" },
): Promise<Driver> {
  const runDir = join(dataDir, "run");
  if (name === "process") {
    const { ProcessDriver } = await import("./process/process-driver.ts");
    return ProcessDriver.open({ runDir, codeRoot: join(dataDir, "code"), isolation });
  }
  const { DockerDriver } = await import("./docker/docker-driver.ts");
  return DockerDriver.open({ runDir }).catch((error: unknown) => {
    throw new DriverUnavailableError((error as Error).message, { cause: error });
  });
}
