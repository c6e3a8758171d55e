import * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../model/fault.ts";
import { checkAddressApart, checkRangeApart, type Neighbour } from "../../model/neighbour.ts";
import { known } from "./known.ts";

/** The VPCs and NAT gateways that a program has declared so far for one platform, which are all on one machine. */
export class Networks {
  readonly #vpcs: Neighbour[] = [];
  readonly #gateways: Neighbour[] = [];
  /** Titles of the gateways that VPCs have, by the output that is the VPC's id: its value is not there in a preview. */
  readonly #gatewayOf = new WeakMap<object, string>();

  /** What is wrong with the range of one more VPC. */
  checkVpc(range: string): Fault[] {
    return checkRangeApart(range, [...this.#vpcs, ...this.#gateways]);
  }

  addVpc(name: string, range: string): void {
    this.#vpcs.push({ title: `the VPC ${JSON.stringify(name)}`, addresses: range });
  }

  /** What is wrong with one more gateway, as far as its address and VPC can be told. */
  checkGateway(vpcId: pulumi.Input<string>, address: pulumi.Input<string> | undefined): Fault[] {
    const value = address && known(address);
    const other = pulumi.Output.isInstance(vpcId) ? this.#gatewayOf.get(vpcId) : undefined;
    return [
      ...(value === undefined ? [] : checkAddressApart(value, [...this.#vpcs, ...this.#gateways])),
      ...(other === undefined ? [] : [hasGateway(other)]),
    ];
  }

  addGateway(
    name: string,
    { vpcId, address }: { readonly vpcId: pulumi.Input<string>; readonly address?: pulumi.Input<string> },
  ): void {
    const title = `the NAT gateway ${JSON.stringify(name)}`;
    const value = address && known(address);
    if (value !== undefined) this.#gateways.push({ title, addresses: value });
    if (pulumi.Output.isInstance(vpcId)) this.#gatewayOf.set(vpcId, title);
  }
}

function hasGateway(other: string): Fault {
  return {
    property: "vpcId",
    rule: `the VPC has ${other} already`,
    fix: "Change that one, or lead out of another VPC.",
    code: "FSS.0409",
  };
}

const places = new WeakMap<object, Networks>();

/** Those of the platform that a resource goes to: its provider's, or else the stack's. Unit tests with mocks have no stack, and each resource is alone. */
export function networksOf(type: string, opts: pulumi.CustomResourceOptions | undefined): Networks {
  const place = opts?.provider ?? opts?.parent?.getProvider(type) ?? pulumi.runtime.getStackResource();
  const networks = (place && places.get(place)) ?? new Networks();
  if (place !== undefined) places.set(place, networks);
  return networks;
}
