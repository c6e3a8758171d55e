import type * as pulumi from "@pulumi/pulumi";
import { renamed } from "../model/declaration.ts";
import { checkVpc, RecordType, type VpcSpec } from "../model/vpc.ts";
import { failOn } from "./internal/errors.ts";
import { isKnown } from "./internal/known.ts";
import type { NetworkArgs } from "./placement.ts";
import { type Networks, networksOf } from "./internal/networks.ts";
import { Resource } from "./internal/resource.ts";

const TYPE = "fungraph:index:Vpc";

/** A part of a VPC's addresses. */
export interface SubnetArgs {
  /** Name of the subnet: a letter, then letters, digits, `-` and `_`. A renamed subnet is another one. */
  name: string;
  /** Its addresses, a part of the VPC's that no other subnet shares: `"10.1.1.0/24"`. */
  range: string;
}

/** One name of a private zone. */
export interface ZoneRecordArgs {
  /** Name below the zone's, in small letters: `"db"`. The zone itself is `"@"`. */
  name: string;
  /** IPv4 addresses that the name has; left out where it stands for another name. */
  addresses?: pulumi.Input<string>[];
  /** Whole name of this VPC's zones that it stands for: `"db.shop.internal"`; left out where it has addresses. */
  alias?: string;
}

/** Names that resolve inside one VPC alone (FAQ 3.4). */
export interface ZoneArgs {
  /** Domain name of two parts or more, in small letters: `"shop.internal"`. */
  name: string;
  /** Its names. */
  records: ZoneRecordArgs[];
}

/** Arguments of a VPC. */
export interface VpcArgs {
  /** Private addresses that no other VPC and no other network of the platform's machine has: `"10.1.0.0/16"`. Never changes. */
  range: string;
  /** Parts that functions take their addresses from; one at least. */
  subnets: SubnetArgs[];
  /**
   * Private zones. Changed records are in force at once. Defaults to none.
   *
   * @default []
   */
  zones?: ZoneArgs[];
  /**
   * Name of the VPC: a letter, then letters, digits, `-` and `_`, at most 60 characters. Defaults to the resource's own
   * name.
   *
   * @default - the resource's name
   */
  vpcName?: string;
}

/**
 * A network of its own (guide 3.3.4): its functions reach each other and what else is in it, and nothing outside unless
 * it has a `NatGateway`. Needs a platform on Docker.
 *
 * ```ts
 * const shop = new fg.Vpc("shop", {
 *   range: "10.1.0.0/16",
 *   subnets: [{ name: "front", range: "10.1.1.0/24" }],
 *   zones: [{ name: "shop.internal", records: [{ name: "db", addresses: ["10.1.9.5"] }] }],
 * });
 * new fg.Function("order", { ...order, network: shop.subnet("front") });
 * ```
 *
 * On Docker it is a network with the label `fungraph.vpc`, whose value is the VPC's id: containers of one's own, such as a
 * database, join it by `docker network connect`. The last four addresses of its range are the platform's.
 *
 * Another range means another VPC: give that one another `vpcName`, so that functions can move before the old one goes.
 */
export class Vpc extends Resource {
  /** Id of the VPC. */
  declare readonly vpcId: pulumi.Output<string>;
  /** Ids of the subnets, by name. */
  declare readonly subnetIds: pulumi.Output<{ [name: string]: string }>;

  readonly #name: string;
  readonly #subnets: readonly string[];

  constructor(name: string, args: VpcArgs, opts?: pulumi.CustomResourceOptions) {
    const networks = networksOf(TYPE, opts);
    super(TYPE, name, { ...vpcInputs(name, args, networks), vpcId: undefined, subnetIds: undefined }, opts);
    networks.addVpc(name, args.range);
    this.#name = name;
    this.#subnets = args.subnets.map((subnet) => subnet.name);
  }

  /** The place of functions in one of its subnets, for their `network`. */
  subnet(name: string): NetworkArgs {
    if (!this.#subnets.includes(name))
      failOn({ kind: "Vpc", name: this.#name }, [
        {
          property: "subnet",
          value: name,
          rule: "is no subnet of this VPC",
          fix: `Use one of ${this.#subnets.map((one) => JSON.stringify(one)).join(", ")}.`,
          code: "FSS.1037",
        },
      ]);
    return { vpcId: this.vpcId, subnetId: this.subnetIds.apply((ids) => ids[name] ?? "") };
  }
}

function vpcInputs(
  name: string,
  { range, subnets, zones = [], vpcName = name }: VpcArgs,
  networks: Networks,
): pulumi.Inputs {
  const given = { name: vpcName, range, subnets, zones: zones.map(zoneInputs) };
  const faults = [...checkVpc({ ...given, zones: given.zones.map(knownZone) }), ...networks.checkVpc(range)];
  failOn({ kind: "Vpc", name }, renamed(faults, { name: "vpcName" }).map(inArguments));
  return given;
}

interface ZoneInputs {
  readonly name: string;
  readonly records: readonly {
    readonly name: string;
    readonly type: RecordType;
    readonly values: readonly pulumi.Input<string>[];
  }[];
}

function zoneInputs({ name, records }: ZoneArgs): ZoneInputs {
  return {
    name,
    records: records.map((record) =>
      record.alias === undefined
        ? { name: record.name, type: RecordType.A, values: record.addresses ?? [] }
        : { name: record.name, type: RecordType.CNAME, values: [record.alias] },
    ),
  };
}

/** An address that another resource will have breaks no rule. */
function knownZone({ name, records }: ZoneInputs): VpcSpec["zones"][number] {
  return {
    name,
    records: records.map((record) => ({
      ...record,
      values: record.values.map((value) => (isKnown(value) ? value : "10.0.0.1")),
    })),
  };
}

function inArguments(fault: ReturnType<typeof checkVpc>[number]): typeof fault {
  const alias = fault.property.endsWith(".values") && fault.rule.includes("whole name");
  return { ...fault, property: fault.property.replace(/\.values$/, alias ? ".alias" : ".addresses") };
}
