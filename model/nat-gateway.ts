import { parseAddress } from "./address-range.ts";
import type { Fault } from "./fault.ts";
import { checkName } from "./name-rules.ts";

/** The way out of a VPC, and the address that the world sees (guide 3.3.4). */
export interface NatGatewaySpec {
  readonly name: string;
  readonly vpcId: string;
  /** An address of the machine; left out: the one that functions without a VPC have. */
  readonly address?: string;
}

/** All faults of a NAT gateway but that there is no such VPC. */
export function checkNatGateway({ name, address }: NatGatewaySpec): Fault[] {
  const faults = checkName("network", name);
  if (address === undefined || isOutward(address)) return faults;
  return [
    ...faults,
    {
      property: "address",
      value: address,
      rule: "must be an IPv4 address of the platform's machine that others see",
      fix: 'Write "203.0.113.7", for example, or leave it out for the address that all functions share.',
      code: "FSS.0400",
    },
  ];
}

/** Neither the machine's own loop, nor one that is many, or nobody. */
function isOutward(text: string): boolean {
  const address = parseAddress(text);
  if (address === undefined) return false;
  const first = address >>> 24;
  return first !== 0 && first !== 127 && first < 224;
}
