import { Authenticator } from "../auth/authenticator.ts";
import { Identities } from "../auth/identities.ts";
import type { Store } from "../store/store.ts";
import { openTelemetry } from "../telemetry/recorder.ts";
import type { LogReader, Telemetry } from "../telemetry/telemetry.ts";
import type { Closer, Closers } from "./closers.ts";
import type { Settings } from "./settings.ts";

/** What every role stands on. */
export interface Ground {
  readonly settings: Settings;
  readonly store: Store;
  readonly telemetry: Telemetry & LogReader;
  readonly identities: Identities;
  readonly auth: Authenticator;
}

const COLLECT_MS = 3_600_000;

/** @param logsDir default: in the data folder */
export function openGround(settings: Settings, store: Store, closers: Closers, logsDir?: string): Ground {
  const { dataDir, problem, quotas } = settings;
  const telemetry = openTelemetry({ dataDir, logsDir, metrics: store.metrics, warn: problem });
  closers.add(() => telemetry.close());
  const identities = new Identities(store);
  return { settings, store, telemetry, identities, auth: new Authenticator(identities, quotas) };
}

/** Removes code that nothing names any more, now and each hour. */
export function collectCode({ store, settings }: Ground): Closer {
  const collect = (): void => void store.code.collect().catch(settings.problem);
  const timer = setInterval(collect, COLLECT_MS).unref();
  collect();
  return async () => clearInterval(timer);
}
