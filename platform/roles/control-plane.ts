import { createApi } from "../api/api.ts";
import type { Live } from "../api/live.ts";
import type { RuntimeAvailability } from "../drivers/driver.ts";
import type { ControlPlane } from "../gateway/ports.ts";
import { extras } from "../telemetry/extras.ts";
import type { LogReader } from "../telemetry/telemetry.ts";
import type { Ground } from "./ground.ts";

/** What the control plane sees of the rest, beside what every role stands on. */
export interface ControlParts {
  readonly live: Omit<Live, "objects" | "runsImages">;
  readonly runtimes: readonly RuntimeAvailability[];
  /** Default: the logs of this process. */
  readonly logs?: LogReader;
}

/** The FunctionGraph API and what Fungraph answers beside it. */
export function openControlPlane(ground: Ground, { live, runtimes, logs }: ControlParts): ControlPlane {
  const { settings, store, telemetry, identities, auth } = ground;
  const { region, publicUrl, idleSeconds, quotas, objects, problem } = settings;
  const sources = { store, logs: logs ?? telemetry, live, region, startedAt: Date.now() };
  return createApi({
    store,
    identities,
    auth,
    limits: quotas,
    region,
    publicUrl,
    idleSeconds,
    extras: extras(sources),
    live: { ...live, objects, runsImages: runsImages(runtimes) },
    log: problem,
  });
}

function runsImages(runtimes: readonly RuntimeAvailability[]): boolean {
  return runtimes.some(({ family, available }) => family === "image" && available);
}
