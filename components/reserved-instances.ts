import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../model/fault.ts";
import { LIMITS } from "../model/limits.ts";
import { checkReservedInstances, type ReservedInstancesPolicy } from "../model/reserved-instances.ts";
import { checkReserved } from "./internal/cross-checks.ts";
import { type DeclaredTarget, targetOf } from "./internal/declared.ts";
import { failOn } from "./internal/errors.ts";
import { knownOr } from "./internal/known.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:ReservedInstances";

/** Another number of instances at certain times. */
export interface ReservedInstancesPolicyArgs {
  /** Name of the policy: a letter, then letters, digits, `-` and `_`. */
  name: string;
  /** Cron expression with seconds (guide 3.5.4), in UTC: from each of its times on the count holds. */
  cron: string;
  /** Instances, not below the base count. */
  count: number;
  /** Begin of the window in which the policy holds, for example `"2026-12-01T00:00:00Z"`. */
  from: string;
  /** End of the window; outside every window the base count holds. */
  until: string;
}

/** How many instances are kept ready; for `version.reserve` and `alias.reserve`, which know what for. */
export interface ReserveArgs {
  /** Instances outside every policy's window, 0–1000. */
  count: pulumi.Input<number>;
  /**
   * Whether the processor of instances without calls is paused. Defaults to false.
   *
   * @default false
   */
  idleMode?: pulumi.Input<boolean>;
  /**
   * Other numbers of instances at certain times. Defaults to none.
   *
   * @default - the same number at all times
   */
  policies?: ReservedInstancesPolicyArgs[];
}

/** Arguments of reserved instances. */
export interface ReservedInstancesArgs extends ReserveArgs {
  /** What instances are kept for: `version.versionUrn` or `alias.aliasUrn`. */
  functionUrn: pulumi.Input<string>;
}

/**
 * Instances that are kept ready for one version or one alias, with code loaded and initializer run (guide 3.10).
 * Requests go there first; further ones start instances on demand.
 *
 * ```ts
 * prod.reserve("warm", {
 *   count: 1,
 *   policies: [{ name: "day", cron: "0 0 8 * * *", count: 5, from: "2026-12-01T00:00:00Z", until: "2026-12-31T00:00:00Z" }],
 * });
 * ```
 *
 * An alias and the version that it points to never have reserved instances both.
 */
export class ReservedInstances extends Resource {
  constructor(name: string, args: ReservedInstancesArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPE, name, reservedInstancesInputs(name, args), opts);
    noteReserved(name, targetOf(args.functionUrn));
  }
}

function noteReserved(by: string, target: DeclaredTarget | undefined): void {
  if (target === undefined) return;
  const { declared, version, alias } = target;
  if (alias !== undefined) declared.reservedAliases.push({ by, alias });
  else if (version !== undefined) declared.reservedVersions.set(version, by);
}

function reservedInstancesInputs(name: string, args: ReservedInstancesArgs): pulumi.Inputs {
  const policies = (args.policies ?? []).map(policyOf);
  const count = knownOr(args.count, 0);
  const target = targetOf(args.functionUrn);
  const faults = checkReservedInstances(
    { count, idleMode: false, policies },
    target?.declared.maxInstances ?? LIMITS.maxInstances.max,
  );
  const times = (args.policies ?? []).flatMap(checkTimes);
  // A time that cannot be read says nothing of its window.
  const told = faults.filter(({ property }) => times.length === 0 || !property.endsWith(".expiredTime"));
  failOn({ kind: "ReservedInstances", name }, [
    ...times,
    ...told.map(untilNamed),
    ...(target ? checkReserved(target) : []),
  ]);
  return { functionUrn: args.functionUrn, count: args.count, idleMode: args.idleMode ?? false, policies };
}

function policyOf({ name, cron, count, from, until }: ReservedInstancesPolicyArgs): ReservedInstancesPolicy {
  return { name, cron, count, startTime: secondsOf(from), expiredTime: secondsOf(until) };
}

function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/** A date with its zone: without one it would mean another time on every machine. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function checkTimes(policy: ReservedInstancesPolicyArgs, index: number): Fault[] {
  return (["from", "until"] as const)
    .filter((end) => !TIME.test(policy[end]) || Number.isNaN(Date.parse(policy[end])))
    .map((end) => ({
      property: `policies[${index}].${end}`,
      value: policy[end],
      rule: "must be a date and a time with their zone",
      fix: 'Write "2026-12-01T00:00:00Z", for example.',
      code: "FSS.0400",
    }));
}

function untilNamed(fault: Fault): Fault {
  if (!fault.property.endsWith(".expiredTime")) return fault;
  return {
    ...fault,
    property: fault.property.replace("expiredTime", "until"),
    value: new Date(Number(fault.value) * 1000).toISOString(),
    rule: "must be after from",
    fix: "Write a later time, or swap the two.",
  };
}
