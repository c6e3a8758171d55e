import { type Cron, nextCron, parseCron } from "./cron.ts";
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
export interface ReservedInstancesPolicy {
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

/** The number of instances to keep, and until when (epoch ms) it stays the same. */
export interface ReservedCount {
  readonly count: number;
  readonly until: number;
}

/**
 * How many instances are reserved at a time (epoch ms): the count of the policy that fired last while its window is open,
 * else the base count. It says the same however long nobody asked. Of policies that fired at once the larger holds.
 */
export function reservedCountAt(spec: ReservedInstancesSpec, now: number): ReservedCount {
  let count = spec.count;
  let firedLast = -Infinity;
  let until = Infinity;
  for (const policy of spec.policies) {
    const cron = parseCron(policy.cron);
    const [opens, closes] = [policy.startTime * SECOND, policy.expiredTime * SECOND + SECOND];
    // The API checks expressions before they are stored.
    if (Array.isArray(cron) || now >= closes) continue;
    if (now < opens) {
      until = Math.min(until, opens);
      continue;
    }
    until = Math.min(until, closes, nextCron(cron, now, "UTC") ?? Infinity);
    const fired = lastFire(cron, opens, now);
    if (fired === undefined || fired < firedLast) continue;
    count = fired > firedLast ? policy.count : Math.max(count, policy.count);
    firedLast = fired;
  }
  return { count, until };
}

const SECOND = 1000;

/** The last time from `from` to `now` at which the expression fires: halves the time until it is found. */
function lastFire(cron: Cron, from: number, now: number): number | undefined {
  const firesAfter = (time: number): boolean => (nextCron(cron, time, "UTC") ?? Infinity) <= now;
  let [early, late] = [from - 1, now];
  if (!firesAfter(early)) return undefined;
  while (late - early > SECOND) {
    const middle = Math.floor((early + late) / 2);
    if (firesAfter(middle)) early = middle;
    else late = middle;
  }
  return nextCron(cron, early, "UTC");
}
