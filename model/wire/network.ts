import { z } from "zod";
import type { Fault } from "../fault.ts";
import type { FunctionSpec } from "../function.ts";

/** The field of requests and replies that says which VPC a function is in. */
export const networkFields = {
  func_vpc: z.looseObject({ vpc_id: z.string().nullish(), subnet_id: z.string().nullish() }).nullish(),
};

type NetworkBody = z.infer<z.ZodObject<typeof networkFields>>["func_vpc"];
type Network = FunctionSpec["network"];

/** The place in a body, over what holds without it; a blank VPC takes it away. */
export function readNetwork(body: NetworkBody, current: Network): Network | Fault[] {
  if (body === null || body === undefined) return current;
  const { vpc_id: vpcId, subnet_id: subnetId } = body;
  if (!vpcId && !subnetId) return undefined;
  if (vpcId && subnetId) return { vpcId, subnetId };
  const [property, code] = vpcId ? ["func_vpc.subnet_id", "FSS.1037"] : ["func_vpc.vpc_id", "FSS.1036"];
  return [
    { property, rule: "a VPC and a subnet go together", fix: "Send both ids, or leave func_vpc out.", code },
  ];
}

/** The place as replies have it. */
export function networkToWire(network: Network): Record<string, unknown> {
  if (network === undefined) return {};
  return { func_vpc: { vpc_id: network.vpcId, subnet_id: network.subnetId } };
}
