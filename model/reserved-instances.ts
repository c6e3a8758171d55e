import { parseCron } from "./cron.ts";
import type { Fault } from "./fault.ts";
import { LIMITS } from "./limits.ts";
import { checkName } from "./name-rules.ts";
import { checkWholeNumber } from "./number.ts";

/** Instances that are kept ready for one version or alias (guide 3.10). */
export interface ReservedInstancesSpec {
  /** Instances outside every policy's window. */
  readonly count: number;
  /** Pauses the CPU of instances that nothing calls. Default false. */
  readonly idleMode: boolean;
  readonly policies: readonly ReservedInstancesPolicy[];
}

/** A number of instances that holds from each fire of `cron` while the window is open. */
interface ReservedInstancesPolicy {
  readonly name: string;
  /** Cron expression of the guide (3.5.4), in UTC. */
  readonly cron: string;
  /** Not below the base count. */
  readonly count: number;
  /** Window, epoch seconds; both ends belong to it. */
  readonly startTime: number;
  readonly expiredTime: number;
}

const CODE = "FSS.1076";

/** All faults of reserved instances; `maxInstances` is the function's own limit, −1 for none. */
export function checkReservedInstances(spec: ReservedInstancesSpec, maxInstances: number): Fault[] {
  const limit = maxInstances < 0 ? LIMITS.maxInstances.max : Math.min(maxInstances, LIMITS.maxInstances.max);
  const rule = { min: 0, max: limit, unit: "instances", code: CODE };
  const faults = checkWholeNumber("count", spec.count, rule);
  for (const [index, policy] of spec.policies.entries())
    faults.push(
      ...checkPolicy(policy, `policies[${index}]`),
      ...checkWholeNumber(`policies[${index}].count`, policy.count, {
        ...rule,
        min: Math.min(spec.count, limit),
        note: "not below the base count",
      }),
    );
  const names = spec.policies.map((policy) => policy.name);
  for (const [index, name] of names.entries())
    if (names.indexOf(name) < index)
      faults.push({
        property: `policies[${index}].name`,
        value: name,
        rule: "is the name of an earlier policy",
        fix: `Write "${name}-${index + 1}", for example.`,
        code: "FSS.0400",
      });
  return faults;
}

function checkPolicy(policy: ReservedInstancesPolicy, at: string): Fault[] {
  const cron = parseCron(policy.cron);
  const faults: Fault[] = [
    ...checkName("trigger", policy.name, `${at}.name`).map((fault) => ({ ...fault, code: "FSS.0400" })),
    ...(Array.isArray(cron) ? cron : []).map((fault) => ({
      property: `${at}.cron`,
      value: policy.cron,
      ...fault,
      code: "FSS.0400",
    })),
  ];
  if (!(policy.startTime < policy.expiredTime))
    faults.push({
      property: `${at}.expiredTime`,
      value: policy.expiredTime,
      rule: `must be after startTime (${policy.startTime})`,
      fix: `Write ${policy.startTime + 3600}, one hour later, for example.`,
      code: "FSS.0400",
    });
  return faults;
}
