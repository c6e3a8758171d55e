import { setTimeout as delay } from "node:timers/promises";
import type { Live } from "../api/live.ts";
import type { DriverHost } from "../drivers/remote/driver-host.ts";
import type { InstanceView } from "../scheduler/scheduler.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** A gateway that does not answer within this time is left out. */
const PATIENCE_MS = 2_000;

/** What the control plane sees of instances of all gateways, and does to them. */
export function gatewaysLive(
  host: DriverHost,
  telemetry: Telemetry,
): Pick<Live, "instances" | "end" | "flush"> {
  async function askAll<Answer>(method: string, given?: unknown): Promise<Answer[]> {
    const asked = host.gateways.map((gateway) => gateway.ask<Answer>(method, given).catch(() => undefined));
    const late = delay(PATIENCE_MS, undefined, { ref: false });
    const answers = await Promise.all(asked.map((one) => Promise.race([one, late])));
    return answers.filter((one) => one !== undefined);
  }
  return {
    instances: async () => (await askAll<InstanceView[]>("instances")).flat(),
    end: async (id) => (await askAll<boolean>("end", id)).includes(true),
    flush: async () => {
      await Promise.all([askAll("flush"), telemetry.flush()]);
    },
  };
}
