import { LIMITS, type Limits } from "../../model/limits.ts";
import { offsetAt } from "../../model/time-zone.ts";
import { readLimits } from "../limits.ts";
import { openObjectStore, type ObjectStore } from "../triggers/object-store.ts";
import type { PlatformConfig } from "./config.ts";

/** What a configuration says, with defaults in place and the data folder's own files read. */
export interface Settings {
  readonly dataDir: string;
  readonly region: string;
  readonly timeZone: string;
  readonly idleSeconds: number;
  readonly graceMs: number;
  readonly quotas: Limits;
  readonly objects: ObjectStore;
  readonly publicUrl: string | undefined;
  readonly problem: (error: unknown) => void;
}

/** @throws RangeError for a time zone or a limits file that is none */
export function readSettings(config: PlatformConfig): Settings {
  const { dataDir, region = "local", timeZone = "UTC", publicUrl } = config;
  checkTimeZone(timeZone);
  return {
    dataDir,
    region,
    timeZone,
    idleSeconds: config.idleSeconds ?? LIMITS.idleSeconds,
    publicUrl,
    graceMs: (config.shutdownGraceSeconds ?? 10) * 1000,
    quotas: readLimits(dataDir),
    objects: openObjectStore(dataDir),
    problem: config.problem ?? emitWarning,
  };
}

function checkTimeZone(timeZone: string): void {
  try {
    offsetAt(0, timeZone);
  } catch (error) {
    const what = `"${timeZone}" is no time zone. Use an IANA name such as UTC or Asia/Shanghai.`;
    throw new RangeError(what, { cause: error });
  }
}

function emitWarning(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}
