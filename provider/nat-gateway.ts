import { z } from "zod";
import { checkNatGateway, type NatGatewaySpec } from "../model/nat-gateway.ts";
import { facilityLogic } from "./facility.ts";

/** Ways out of VPCs. */
export const natGatewayLogic = facilityLogic<NatGatewaySpec>({
  about: "The way out of a VPC, by a fixed address.",
  schema: {
    inputs: z.strictObject({
      name: z.string().describe("Name of the gateway."),
      vpcId: z.string().min(1).describe("VPC that it leads out of; never changes."),
      address: z.string().optional().describe("Address of the machine that the world sees."),
    }),
    outputs: z.object({ natGatewayId: z.string().describe("Id of the gateway.") }),
  },
  standIns: { name: "gateway", vpcId: "vpc" },
  differ: { inputs: ["name", "vpcId", "address"], replace: ["vpcId"], identity: ["name"] },
  faults: checkNatGateway,
  calls: (client) => client.natGateways,
  id: "natGatewayId",
});
