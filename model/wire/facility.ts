import { z } from "zod";
import { checkFileSystem, type FileSystemSpec } from "../file-system.ts";
import type { Fault } from "../fault.ts";
import { checkNatGateway, type NatGatewaySpec } from "../nat-gateway.ts";
import { checkVpc, RecordType, type VpcSpec } from "../vpc.ts";
import { readBody } from "./body.ts";

const vpcSchema = z.looseObject({
  name: z.string(),
  range: z.string(),
  subnets: z.array(z.object({ name: z.string(), range: z.string() })),
  zones: z
    .array(
      z.object({
        name: z.string(),
        records: z.array(
          z.object({ name: z.string(), type: z.enum(RecordType), values: z.array(z.string()) }),
        ),
      }),
    )
    .default([]),
});

const natGatewaySchema = z.looseObject({
  name: z.string(),
  vpc_id: z.string(),
  address: z.string().optional(),
});

const fileSystemSchema = z.looseObject({
  name: z.string(),
  nfs: z.object({ server: z.string(), path: z.string() }).optional(),
});

/** Checked by every rule, as all of these. */
function vpcFromWire(body: unknown): VpcSpec | Fault[] {
  const read = readBody(vpcSchema, body);
  if (Array.isArray(read)) return read;
  const { name, range, subnets, zones } = read;
  return checked({ name, range, subnets, zones }, checkVpc);
}

function natGatewayFromWire(body: unknown): NatGatewaySpec | Fault[] {
  const read = readBody(natGatewaySchema, body);
  if (Array.isArray(read)) return read;
  const { name, vpc_id: vpcId, address } = read;
  return checked({ name, vpcId, ...(address === undefined ? {} : { address }) }, checkNatGateway);
}

function natGatewayToWire({ name, vpcId, address }: NatGatewaySpec): Record<string, unknown> {
  return { name, vpc_id: vpcId, ...(address === undefined ? {} : { address }) };
}

function fileSystemFromWire(body: unknown): FileSystemSpec | Fault[] {
  const read = readBody(fileSystemSchema, body);
  if (Array.isArray(read)) return read;
  const { name, nfs } = read;
  return checked({ name, ...(nfs === undefined ? {} : { nfs }) }, checkFileSystem);
}

function checked<Spec>(spec: Spec, check: (spec: Spec) => Fault[]): Spec | Fault[] {
  const faults = check(spec);
  return faults.length > 0 ? faults : spec;
}

/** How one kind of what functions are placed in is written. */
export interface FacilityForm<Spec> {
  /** Last part of the address of all of them. */
  readonly path: string;
  /** What a body says, checked by every rule that needs nothing else. */
  fromWire(body: unknown): Spec | Fault[];
  toWire(spec: Spec): Record<string, unknown>;
}

export const VPCS: FacilityForm<VpcSpec> = {
  path: "vpcs",
  fromWire: vpcFromWire,
  toWire: (spec) => ({ ...spec }),
};

export const NAT_GATEWAYS: FacilityForm<NatGatewaySpec> = {
  path: "nat-gateways",
  fromWire: natGatewayFromWire,
  toWire: natGatewayToWire,
};

export const FILE_SYSTEMS: FacilityForm<FileSystemSpec> = {
  path: "file-systems",
  fromWire: fileSystemFromWire,
  toWire: (spec) => ({ ...spec }),
};
