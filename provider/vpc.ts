import { z } from "zod";
import { checkVpc, RecordType, subnetId, type VpcSpec } from "../model/vpc.ts";
import { facilityLogic } from "./facility.ts";
import { hasUnknown, UNKNOWN } from "./unknown.ts";

const Subnet = z
  .strictObject({
    name: z.string().describe("Name of the subnet."),
    range: z.string().describe("Its addresses, a part of the VPC's."),
  })
  .meta({ id: "Subnet", description: "A part of a VPC that functions take their addresses from." });
const ZoneRecord = z
  .strictObject({
    name: z.string().describe("Name below the zone's, or @ for the zone itself."),
    type: z.enum(RecordType).describe("A for addresses, CNAME for another name."),
    values: z.array(z.string()).describe("IPv4 addresses, or one name of this VPC's zones."),
  })
  .meta({ id: "ZoneRecord", description: "One name of a private zone." });
const Zone = z
  .strictObject({
    name: z.string().describe("Domain name of the zone."),
    records: z.array(ZoneRecord).describe("Its names."),
  })
  .meta({ id: "Zone", description: "Names that resolve inside one VPC alone." });

/** Networks of functions' own, with subnets and private zones. */
export const vpcLogic = facilityLogic<VpcSpec>({
  about: "A network of its own for functions, with private zones; nothing leaves it without a NAT gateway.",
  schema: {
    inputs: z.strictObject({
      name: z.string().describe("Name of the VPC."),
      range: z.string().describe("Private addresses; never changes."),
      subnets: z.array(Subnet).describe("Parts that functions take their addresses from."),
      zones: z.array(Zone).default([]).describe("Private zones."),
    }),
    outputs: z.object({
      vpcId: z.string().describe("Id of the VPC."),
      subnetIds: z.record(z.string(), z.string()).describe("Ids of the subnets, by name."),
    }),
  },
  standIns: { name: "vpc", range: "10.0.0.0/8", subnets: [{ name: "all", range: "10.0.0.0/8" }], zones: [] },
  leansOn: { subnets: ["range"], zones: ["range", "subnets"] },
  differ: {
    inputs: ["name", "range", "subnets", "zones"],
    replace: ["range"],
    identity: ["name"],
  },
  faults: checkVpc,
  calls: (client) => client.vpcs,
  id: "vpcId",
  outputs: ({ subnets }, vpcId) => ({
    subnetIds: hasUnknown([vpcId, subnets])
      ? UNKNOWN
      : Object.fromEntries(subnets.map(({ name }) => [name, subnetId(vpcId, name)])),
  }),
});
