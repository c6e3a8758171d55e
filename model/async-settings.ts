import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import { checkWholeNumber } from "./number.ts";

/** How asynchronous requests of one version or alias are treated (guide 3.3.7). */
export interface AsyncSettings {
  /** Further tries of a request that failed. Default 1. */
  readonly maxRetries: number;
  /** Seconds after which a request that still waits is given up. Default 3600. */
  readonly maxAgeSeconds: number;
  /** Keeps a record of every request. Default false. */
  readonly statusLog: boolean;
  /** URN of the function that is told of results. */
  readonly onSuccess?: string;
  /** URN of the function that is told of requests that failed for good. */
  readonly onFailure?: string;
}

/** All faults of the settings' numbers; whether destinations exist only the platform knows. */
export function checkAsyncSettings(settings: AsyncSettings): Fault[] {
  const code = "FSS.0400";
  return [
    ...checkWholeNumber("maxRetries", settings.maxRetries, { ...LIMITS.asyncRetries, unit: "retries", code }),
    ...checkWholeNumber("maxAgeSeconds", settings.maxAgeSeconds, {
      ...LIMITS.asyncAgeSeconds,
      unit: "seconds",
      code,
    }),
  ];
}
