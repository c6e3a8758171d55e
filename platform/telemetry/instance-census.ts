import type { InstanceView } from "../scheduler/scheduler.ts";
import type { InstanceCounts, Telemetry } from "./telemetry.ts";

/** Often enough that no minute is without a count. */
const EVERY_MS = 10_000;

interface Counted {
  readonly functionKey: string;
  readonly version: string;
  seen: InstanceCounts;
}

/** Counts the instances of every version from time to time, for the metrics (guide 3.7.1). Ends with the returned function. */
export function startCensus(
  instances: () => readonly InstanceView[],
  telemetry: Pick<Telemetry, "instances">,
): () => void {
  const timer = setInterval(() => takeCensus(instances(), telemetry), EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Counts once. */
export function takeCensus(
  instances: readonly InstanceView[],
  telemetry: Pick<Telemetry, "instances">,
): void {
  const counted = new Map<string, Counted>();
  for (const { functionKey, version, reserved, state } of instances) {
    if (functionKey === "" || state !== "ready") continue;
    const name = `${functionKey}:${version}`;
    const { seen = { reserved: 0, onDemand: 0 } } = counted.get(name) ?? {};
    const more = reserved
      ? { ...seen, reserved: seen.reserved + 1 }
      : { ...seen, onDemand: seen.onDemand + 1 };
    counted.set(name, { functionKey, version, seen: more });
  }
  for (const { functionKey, version, seen } of counted.values())
    telemetry.instances(functionKey, version, seen);
}
