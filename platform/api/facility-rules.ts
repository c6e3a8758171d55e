import type { Fault } from "../../model/fault.ts";
import { checkAddressApart, checkRangeApart, type Neighbour } from "../../model/neighbour.ts";
import { subnetId } from "../../model/vpc.ts";
import { FILE_SYSTEMS, type FacilityForm, NAT_GATEWAYS, VPCS } from "../../model/wire/facility.ts";
import type { Facility, FacilityKind, FacilitySpecs, FacilityStore } from "../store/facilities.ts";

/** What is particular to one kind. */
export interface FacilityRules<Kind extends FacilityKind> {
  /** In sentences. */
  readonly noun: string;
  readonly form: FacilityForm<FacilitySpecs[Kind]>;
  /** What is wrong with it beside others. @param old undefined: it is new */
  check(next: Facility<Kind>, old: Facility<Kind> | undefined, store: FacilityStore): Fault[];
  /** What keeps it from being deleted, some of it when it is much. */
  users(facility: Facility<Kind>, store: FacilityStore): readonly string[];
  /** What replies say besides what requests do. */
  more?(facility: Facility<Kind>): Record<string, unknown>;
}

const vpc: FacilityRules<"vpc"> = {
  noun: "VPC",
  form: VPCS,
  check: (next, old, store) => [
    ...fixed("range", old?.spec.range, next.spec.range, "FSS.1036"),
    ...(old === undefined
      ? checkRangeApart(next.spec.range, neighboursOf(next.id, store))
      : checkSubnets(old, next, store)),
  ],
  users: ({ id }, store) => [
    ...store.users(id),
    ...gatewaysOf(id, store).map(({ spec }) => `the NAT gateway ${spec.name}`),
  ],
  more: ({ id, spec }) => ({
    subnets: spec.subnets.map((subnet) => ({ id: subnetId(id, subnet.name), ...subnet })),
  }),
};

const natGateway: FacilityRules<"nat-gateway"> = {
  noun: "NAT gateway",
  form: NAT_GATEWAYS,
  check: (next, old, store) => [
    ...fixed("vpc_id", old?.spec.vpcId, next.spec.vpcId, "FSS.1036"),
    ...checkVpcOf(next, store),
    ...checkAddress(next, old, store),
  ],
  users: () => [],
};

const fileSystem: FacilityRules<"file-system"> = {
  noun: "file system",
  form: FILE_SYSTEMS,
  check: (next, old) =>
    old === undefined
      ? []
      : fixed("nfs", JSON.stringify(old.spec.nfs), JSON.stringify(next.spec.nfs), "FSS.1096"),
  users: ({ id }, store) => store.users(id),
};

export const FACILITY_RULES = { vpc, "nat-gateway": natGateway, "file-system": fileSystem };

function fixed(property: string, old: string | undefined, value: string | undefined, code: string): Fault[] {
  if (old === undefined || old === value) return [];
  return [
    { property, value, rule: `can never change (it is ${old})`, fix: "Make another one instead.", code },
  ];
}

/** All networks are on one machine, also those of other projects, whose names are nobody's business. */
function neighboursOf(id: string, store: FacilityStore): Neighbour[] {
  const vpcs = store.all("vpc").filter((one) => one.id !== id);
  const gateways = store.all("nat-gateway").filter((one) => one.id !== id);
  return [
    ...vpcs.map(({ spec }) => ({ title: "another VPC of this platform", addresses: spec.range })),
    ...gateways.flatMap(({ spec: { address } }) =>
      address === undefined ? [] : [{ title: "another NAT gateway of this platform", addresses: address }],
    ),
  ];
}

/** A subnet that functions are in stays as it is. */
function checkSubnets(old: Facility<"vpc">, next: Facility<"vpc">, store: FacilityStore): Fault[] {
  return old.spec.subnets.flatMap(({ name, range }) => {
    if (next.spec.subnets.some((one) => one.name === name && one.range === range)) return [];
    const users = store.users(subnetId(old.id, name));
    if (users.length === 0) return [];
    const rule = `the subnet ${JSON.stringify(name)} (${range}) is in use by ${users.join(", ")}`;
    const fix = "Leave it as it is, or move the functions into another one first.";
    return [{ property: "subnets", rule, fix, code: "FSS.1037" }];
  });
}

function checkVpcOf({ id, projectId, spec }: Facility<"nat-gateway">, store: FacilityStore): Fault[] {
  const property = "vpc_id";
  const value = spec.vpcId;
  if (store.find("vpc", value)?.projectId !== projectId)
    return [
      { property, value, rule: "is no VPC of the project", fix: "Create the VPC first.", code: "FSS.1036" },
    ];
  const other = gatewaysOf(value, store).find((one) => one.id !== id);
  if (other === undefined) return [];
  const rule = `has the NAT gateway ${JSON.stringify(other.spec.name)} already`;
  return [{ property, value, rule, fix: "Change that one, or delete it first.", code: "FSS.0409" }];
}

/** One that was accepted once stays. */
function checkAddress(
  { id, spec: { address } }: Facility<"nat-gateway">,
  old: Facility<"nat-gateway"> | undefined,
  store: FacilityStore,
): Fault[] {
  if (address === undefined || address === old?.spec.address) return [];
  return checkAddressApart(address, neighboursOf(id, store));
}

function gatewaysOf(vpcId: string, store: FacilityStore): Facility<"nat-gateway">[] {
  return store.all("nat-gateway").filter(({ spec }) => spec.vpcId === vpcId);
}
