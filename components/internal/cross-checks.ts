import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../model/fault.ts";
import { findRuntime } from "../../model/runtimes.ts";
import { LATEST } from "../../model/version.ts";
import { type DeclaredAlias, type DeclaredTarget, targetOf, versionKey } from "./declared.ts";
import { known } from "./known.ts";

/*
 * Rules between the resources of one program. What comes from elsewhere, as plain text, is checked by the platform alone.
 */

/** Guide 3.2.2.2: an HTTP function takes HTTP triggers only, and is never called asynchronously. */
export function checkTakesEvents(
  functionUrn: pulumi.Input<string> | undefined,
  property = "functionUrn",
): Fault[] {
  const runtime = targetOf(functionUrn)?.declared.runtime ?? "";
  if (findRuntime(runtime)?.family !== "http") return [];
  return [
    {
      property,
      value: runtime,
      rule: "an HTTP function takes HTTP triggers only, and no asynchronous requests (guide 3.2.2.2)",
      fix: "Use onHttp, or a function with another runtime.",
      code: "FSS.1101",
    },
  ];
}

/** Guide 3.2.2.2: the HTTP triggers of one HTTP function are all in one gateway. */
export function checkOneGateway(target: DeclaredTarget | undefined, gateway: string): Fault[] {
  const { runtime, gateway: first } = target?.declared ?? {};
  if (first === undefined || first.text === gateway || findRuntime(runtime ?? "")?.family !== "http")
    return [];
  return [
    {
      property: "gateway",
      value: gateway,
      rule: `the HTTP triggers of one HTTP function are in one gateway, and ${first.by} is in ${first.text} (guide 3.2.2.2)`,
      fix: "Name the same gateway and instance in both.",
      code: "FSS.1107",
    },
  ];
}

/** Guide 3.10: an alias and a version that it points to never have reserved instances both. */
export function checkReserved({ declared, version, alias }: DeclaredTarget): Fault[] {
  const clash =
    alias === undefined
      ? declared.reservedAliases.find((one) => one.alias.versions.includes(version ?? ""))?.by
      : alias.versions.map((key) => declared.reservedVersions.get(key)).find((by) => by !== undefined);
  if (clash === undefined) return [];
  return [
    {
      property: "functionUrn",
      rule: `the alias and a version that it points to both have reserved instances, and ${clash} has some already (guide 3.10)`,
      fix: "Reserve all of them for the alias, and leave the version's out.",
      code: "FSS.0409",
    },
  ];
}

/** FAQ 5.2: a function and the Kafka that calls it lie in one subnet; outside every VPC there is no way to it. */
export function checkNearKafka(
  functionUrn: pulumi.Input<string>,
  subnetId: pulumi.Input<string> | undefined,
): Fault[] {
  const target = targetOf(functionUrn);
  if (target === undefined) return [];
  const { network } = target.declared;
  if (network === undefined)
    return [
      {
        property: "functionUrn",
        rule: "the function is in no VPC, and Kafka has to lie in the function's own subnet (FAQ 5.2)",
        fix: 'Give the function the subnet of Kafka: network: vpc.subnet("front").',
        code: "FSS.1114",
      },
    ];
  const own = known(network.subnetId);
  const other = subnetId === undefined ? undefined : known(subnetId);
  if (own === undefined || other === undefined || own === other) return [];
  return [
    {
      property: "subnetId",
      value: other,
      rule: `the function is in another subnet, ${JSON.stringify(own)} (FAQ 5.2)`,
      fix: "Give both the same subnet.",
      code: "FSS.1114",
    },
  ];
}

/** Guide 3.3.10: the second version of an alias is a published one, and not the first. */
export function checkGrey(version: pulumi.Input<string>, grey: pulumi.Input<string>): Fault[] {
  if (typeof version === "string" && typeof grey === "string") return [];
  const [first, second] = [versionKey(version), versionKey(grey)];
  if (second === undefined || (second !== LATEST && second !== first)) return [];
  const property = "additional.version";
  if (second === LATEST) {
    const rule = "a grey release goes to a published version, and latest is none (guide 3.3.10)";
    return [
      { property, value: second, rule, fix: "Publish it first: fn.publish(...).version.", code: "FSS.1091" },
    ];
  }
  const rule = "both versions of the alias are the same one";
  return [{ property, value: second, rule, fix: "Name another version, or leave it out.", code: "FSS.1093" }];
}

/** Keys of the versions that an alias points to, as far as they can be told. */
export function aliasOf(name: string, names: readonly pulumi.Input<string>[]): DeclaredAlias {
  return { name, versions: names.flatMap((one) => versionKey(one) ?? []) };
}
