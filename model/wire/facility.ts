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

/** The VPC in a body, checked by every rule. */
export function vpcFromWire(body: unknown): VpcSpec | Fault[] {
  const read = readBody(vpcSchema, body);
  if (Array.isArray(read)) return read;
  const { name, range, subnets, zones } = read;
  return checked({ name, range, subnets, zones }, checkVpc);
}

/** The NAT gateway in a body, checked by every rule. */
export function natGatewayFromWire(body: unknown): NatGatewaySpec | Fault[] {
  const read = readBody(natGatewaySchema, body);
  if (Array.isArray(read)) return read;
  const { name, vpc_id: vpcId, address } = read;
  return checked({ name, vpcId, ...(address === undefined ? {} : { address }) }, checkNatGateway);
}

/** The body of a NAT gateway. */
export function natGatewayToWire({ name, vpcId, address }: NatGatewaySpec): Record<string, unknown> {
  return { name, vpc_id: vpcId, ...(address === undefined ? {} : { address }) };
}

/** The file system in a body, checked by every rule. */
export function fileSystemFromWire(body: unknown): FileSystemSpec | Fault[] {
  const read = readBody(fileSystemSchema, body);
  if (Array.isArray(read)) return read;
  const { name, nfs } = read;
  return checked({ name, ...(nfs === undefined ? {} : { nfs }) }, checkFileSystem);
}

function checked<Spec>(spec: Spec, check: (spec: Spec) => Fault[]): Spec | Fault[] {
  const faults = check(spec);
  return faults.length > 0 ? faults : spec;
}
