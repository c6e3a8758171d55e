import { createHash } from "node:crypto";
import { checkPrivateRange, holds, overlaps, parseAddress, parseRange, writeRange } from "./address-range.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";

/** A part of a VPC's addresses; functions take theirs from one. */
export interface SubnetSpec {
  readonly name: string;
  /** For example `10.1.1.0/24`. */
  readonly range: string;
}

/** What a record says of its name: addresses, or another name. */
export const RecordType = { A: "A", CNAME: "CNAME" } as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];

/** One name of a zone. */
export interface ZoneRecordSpec {
  /** Without the zone's own name; `@` is the zone itself. */
  readonly name: string;
  readonly type: RecordType;
  /** IPv4 addresses, or the one whole name that it stands for. */
  readonly values: readonly string[];
}

/** Names that resolve inside one VPC alone (FAQ 3.4). */
export interface ZoneSpec {
  /** For example `shop.internal`. */
  readonly name: string;
  readonly records: readonly ZoneRecordSpec[];
}

/** A network of its own (guide 3.3.4). */
export interface VpcSpec {
  readonly name: string;
  /** Private addresses, for example `10.1.0.0/16`. Never changes. */
  readonly range: string;
  readonly subnets: readonly SubnetSpec[];
  readonly zones: readonly ZoneSpec[];
}

const VPC = "FSS.1036";
const SUBNET = "FSS.1037";
const RECORD = "FSS.0400";
/** Of a network's addresses these many, at its end, belong to the platform. */
export const RESERVED_ADDRESSES = 4;
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const NAME_LENGTH = 253;
const MOST = { subnets: 50, zones: 50, records: 500 } as const;

/** All faults of a VPC, by the names of VpcSpec. */
export function checkVpc(vpc: VpcSpec): Fault[] {
  return [
    ...checkName("network", vpc.name),
    ...checkPrivateRange("range", vpc.range, VPC),
    ...checkSubnets(vpc),
    ...vpc.zones.flatMap((zone, index) => checkZone(zone, index, vpc.zones)),
    ...checkMost("zones", vpc.zones, MOST.zones),
  ];
}

/** Id of a subnet, which it keeps as long as its name: 32 digits in groups, as all ids of the API. */
export function subnetId(vpcId: string, name: string): string {
  const digest = createHash("sha256").update(`${vpcId}/${name}`).digest("hex");
  return digest.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** True for a name as DNS has it, in small letters. */
export function isHostName(name: string): boolean {
  return name.length <= NAME_LENGTH && name.split(".").every((label) => LABEL.test(label));
}

/** The whole name that a record stands under. */
export function recordName(zone: ZoneSpec, { name }: ZoneRecordSpec): string {
  return name === "@" ? zone.name : `${name}.${zone.name}`;
}

function checkSubnets({ range, subnets }: VpcSpec): Fault[] {
  if (subnets.length === 0)
    return [
      {
        property: "subnets",
        rule: "a VPC needs a subnet that functions take their addresses from",
        fix: `Write { name: "functions", range: ${JSON.stringify(range)} }, for example.`,
        code: SUBNET,
      },
    ];
  return [
    ...subnets.flatMap((subnet, index) => checkSubnet(subnet, index, { range, subnets })),
    ...checkMost("subnets", subnets, MOST.subnets),
  ];
}

function checkSubnet(
  subnet: SubnetSpec,
  index: number,
  { range, subnets }: Pick<VpcSpec, "range" | "subnets">,
): Fault[] {
  const place = `subnets[${index}]`;
  const property = `${place}.range`;
  const faults = [
    ...checkName("network", subnet.name, `${place}.name`),
    ...checkPrivateRange(property, subnet.range, SUBNET),
  ];
  const [outer, own] = [parseRange(range), parseRange(subnet.range)];
  if (own === undefined) return faults;
  if (outer !== undefined && !holds(outer, own)) {
    const part = { ...outer, prefix: Math.max(own.prefix, outer.prefix) };
    const fix = `Write ${JSON.stringify(writeRange(part))}, for example.`;
    faults.push({
      property,
      value: subnet.range,
      rule: `is not inside the VPC's ${range}`,
      fix,
      code: SUBNET,
    });
  }
  for (const other of subnets.slice(0, index)) {
    const theirs = parseRange(other.range);
    if (theirs !== undefined && overlaps(theirs, own)) {
      const rule = `shares addresses with the subnet ${JSON.stringify(other.name)} (${other.range})`;
      faults.push({ property, value: subnet.range, rule, fix: "Choose another part.", code: SUBNET });
    }
    if (other.name === subnet.name) faults.push(taken(`${place}.name`, subnet.name, SUBNET));
  }
  return faults;
}

function checkZone(zone: ZoneSpec, index: number, zones: readonly ZoneSpec[]): Fault[] {
  const place = `zones[${index}]`;
  const faults = checkMost(`${place}.records`, zone.records, MOST.records);
  if (!isHostName(zone.name) || !zone.name.includes("."))
    faults.push({
      property: `${place}.name`,
      value: zone.name,
      rule: "must be a domain name of two parts or more, in small letters",
      fix: 'Write "shop.internal", for example.',
      code: RECORD,
    });
  if (zones.slice(0, index).some(({ name }) => name === zone.name))
    faults.push(taken(`${place}.name`, zone.name, RECORD));
  const names = new Set<string>();
  for (const [at, record] of zone.records.entries()) {
    const property = `${place}.records[${at}]`;
    if (names.has(record.name)) faults.push(taken(`${property}.name`, record.name, RECORD));
    names.add(record.name);
    faults.push(...checkRecord(record, property, { zone, zones }));
  }
  return faults;
}

function checkRecord(
  record: ZoneRecordSpec,
  place: string,
  { zone, zones }: { readonly zone: ZoneSpec; readonly zones: readonly ZoneSpec[] },
): Fault[] {
  const faults: Fault[] = [];
  if (record.name !== "@" && !isHostName(recordName(zone, record)))
    faults.push({
      property: `${place}.name`,
      value: record.name,
      rule: "must be a name below the zone's, in small letters, or @ for the zone itself",
      fix: 'Write "www", for example.',
      code: RECORD,
    });
  const property = `${place}.values`;
  const fault = { property, value: record.values, code: RECORD };
  const addresses =
    record.values.length > 0 && record.values.every((value) => parseAddress(value) !== undefined);
  if (record.type === RecordType.A && !addresses)
    faults.push({
      ...fault,
      rule: "must be IPv4 addresses, one at least",
      fix: 'Write ["10.1.1.5"], for example.',
    });
  if (record.type === RecordType.CNAME && !isKnownName(record.values, zones))
    faults.push({
      ...fault,
      rule: "must be one whole name that an A record of this VPC's zones has",
      fix: `Write ["www.${zone.name}"], for example, or use an A record.`,
    });
  return faults;
}

/** Names outside could mean anything tomorrow, also nothing: who declares a name declares where it leads. */
function isKnownName(values: readonly string[], zones: readonly ZoneSpec[]): boolean {
  return (
    values.length === 1 &&
    zones.some((zone) =>
      zone.records.some((one) => one.type === RecordType.A && recordName(zone, one) === values[0]),
    )
  );
}

function taken(property: string, value: string, code: string): Fault {
  return { property, value, rule: "is there twice", fix: "Choose another name.", code };
}

function checkMost(property: string, given: readonly unknown[], most: number): Fault[] {
  if (given.length <= most) return [];
  const rule = `has ${given.length} entries, at most ${most} are allowed`;
  return [{ property, rule, fix: "Use another VPC or zone for the rest.", code: RECORD }];
}
