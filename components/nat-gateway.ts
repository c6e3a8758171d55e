import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkNatGateway } from "../model/nat-gateway.ts";
import { failOn } from "./internal/errors.ts";
import { isKnown, knownOr } from "./internal/known.ts";
import { type Networks, networksOf } from "./internal/networks.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:NatGateway";

/** Arguments of a NAT gateway. */
export interface NatGatewayArgs {
  /** VPC that it leads out of: `vpc.vpcId`. A VPC has one gateway. Cannot change once the gateway exists. */
  vpcId: pulumi.Input<string>;
  /**
   * IPv4 address that the world sees: one that the platform's machine has, beside the one that all functions without a VPC
   * share. No other gateway has it. Defaults to that one.
   *
   * @default - the machine's own address
   */
  address?: pulumi.Input<string>;
  /**
   * Name of the gateway: a letter, then letters, digits, `-` and `_`, at most 60 characters. Defaults to the resource's own
   * name.
   *
   * @default - the resource's name
   */
  natGatewayName?: string;
}

/**
 * The way out of a VPC, by a fixed address that others can let in by (guide 3.3.4). Needs a platform on Docker.
 *
 * ```ts
 * new fg.NatGateway("out", { vpcId: shop.vpcId, address: "203.0.113.7" });
 * ```
 */
export class NatGateway extends Resource {
  /** Id of the gateway. */
  declare readonly natGatewayId: pulumi.Output<string>;

  constructor(name: string, args: NatGatewayArgs, opts?: pulumi.CustomResourceOptions) {
    const networks = networksOf(TYPE, opts);
    super(TYPE, name, { ...natGatewayInputs(name, args, networks), natGatewayId: undefined }, opts);
    networks.addGateway(name, args);
  }
}

function natGatewayInputs(
  name: string,
  { vpcId, address, natGatewayName = name }: NatGatewayArgs,
  networks: Networks,
): pulumi.Inputs {
  const known = address !== undefined && isKnown(address) ? { address } : {};
  const faults = [
    ...checkNatGateway({ name: natGatewayName, vpcId: knownOr(vpcId, ""), ...known }),
    ...networks.checkGateway(vpcId, address),
  ];
  failOn({ kind: "NatGateway", name }, renamed(faults, { name: "natGatewayName" }));
  return { name: natGatewayName, vpcId, address };
}
