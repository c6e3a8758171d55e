import { z } from "zod";

import type { Fault } from "../fault.ts";
import { formatFunctionUrn } from "../names.ts";
import { checkReservedInstances, type ReservedInstancesSpec } from "../reserved-instances.ts";
import { readBody } from "./body.ts";

/** Of one version or alias; more would keep the platform busy with looking at the clock. */
const MOST_POLICIES = 100;

/** A function without a limit of its own. */
const NO_LIMIT = -1;

const policySchema = z.looseObject({
  name: z.string(),
  cron: z.string(),
  count: z.number(),
  start_time: z.number(),
  expired_time: z.number(),
});

const schema = z.looseObject({
  count: z.number(),
  idle_mode: z.boolean().nullish(),
  tactics_config: z
    .looseObject({
      cron_configs: z.array(policySchema).max(MOST_POLICIES).nullish(),
      metric_configs: z.array(z.unknown()).nullish(),
    })
    .nullish(),
});

/** Reads `count`, `idle_mode` and `tactics_config`; `maxInstances` is the function's own limit, −1 for none. */
export function reservedInstancesFromWire(
  body: unknown,
  maxInstances: number,
): ReservedInstancesSpec | Fault[] {
  const read = readBody(schema, body);
  if (Array.isArray(read)) return read;
  const { cron_configs: crons, metric_configs: metrics } = read.tactics_config ?? {};
  const spec: ReservedInstancesSpec = {
    count: read.count,
    idleMode: read.idle_mode ?? false,
    policies: (crons ?? []).map((one) => ({
      name: one.name,
      cron: one.cron,
      count: one.count,
      startTime: one.start_time,
      expiredTime: one.expired_time,
    })),
  };
  const faults = checkReservedInstances(spec, maxInstances).map((fault) => ({
    ...fault,
    property: wireName(fault.property),
  }));
  if ((metrics ?? []).length > 0) {
    faults.push({
      property: "tactics_config.metric_configs",
      rule: "asks for instances by utilisation, which this platform does not do",
      fix: "Leave metric_configs out and plan the instances in cron_configs.",
      code: "FSS.0400",
    });
  }
  return faults.length > 0 ? faults : spec;
}

/** Reads one row of ListReservedInstanceConfigs, as a client does. */
export function reservedInstancesFromRow(row: unknown): ReservedInstancesSpec | Fault[] {
  const { min_count: count, ...rest } = (row ?? {}) as Record<string, unknown>;
  return reservedInstancesFromWire({ ...rest, count }, NO_LIMIT);
}

/** The reply to an update; the fields of a listed configuration but for its name. */
export function reservedInstancesToWire(spec: ReservedInstancesSpec): Record<string, unknown> {
  return { count: spec.count, idle_mode: spec.idleMode, tactics_config: tacticsToWire(spec) };
}

/** One row of ListReservedInstanceConfigs. */
export function reservedConfigToWire(
  record: {
    readonly key: { readonly projectId: string; readonly package: string; readonly name: string };
    readonly qualifier: string;
    readonly spec: ReservedInstancesSpec;
  },
  region: string,
): Record<string, unknown> {
  const { key, qualifier, spec } = record;
  const alias = qualifier.startsWith("!");
  const name = alias ? qualifier.slice(1) : qualifier;
  return {
    function_urn: formatFunctionUrn({ region, ...key, ...(alias ? { alias: name } : { version: name }) }),
    qualifier_type: alias ? "alias" : "version",
    qualifier_name: name,
    min_count: spec.count,
    idle_mode: spec.idleMode,
    tactics_config: tacticsToWire(spec),
  };
}

function tacticsToWire(spec: ReservedInstancesSpec): Record<string, unknown> {
  if (spec.policies.length === 0) return {};
  return {
    cron_configs: spec.policies.map((policy) => ({
      name: policy.name,
      cron: policy.cron,
      count: policy.count,
      start_time: policy.startTime,
      expired_time: policy.expiredTime,
    })),
  };
}

/** `policies[0].startTime` is `tactics_config.cron_configs[0].start_time` on the wire. */
function wireName(property: string): string {
  return property
    .replace(/^policies/, "tactics_config.cron_configs")
    .replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
