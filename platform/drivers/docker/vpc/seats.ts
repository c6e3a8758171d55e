import type { NetworkPlace, VpcPlan } from "../../surroundings.ts";
import { EngineError, type Engine } from "../engine.ts";
import { Addresses, ownAddresses } from "./addresses.ts";
import { vpcNetwork } from "./network.ts";

/** A place in a VPC that one container has. */
export interface Seat {
  readonly network: string;
  readonly address: string;
  /** Where names are asked for. */
  readonly resolver: string;
  /** Somebody else may have the address. */
  free(): void;
}

/** So many addresses are tried: others take theirs at the same time, and the engine alone knows of all. */
const TRIES = 64;

interface Known {
  readonly plan: VpcPlan;
  /** By the id of a subnet. */
  readonly subnets: ReadonlyMap<string, Subnet>;
}

interface Subnet {
  readonly range: string;
  readonly addresses: Addresses;
}

/** Gives containers of one driver their places in VPCs that are there. */
export class Seats {
  readonly #engine: Engine;
  readonly #home: string;
  #vpcs: ReadonlyMap<string, Known> = new Map();

  /** @param home whose VPCs they are, as in their labels */
  constructor(engine: Engine, home: string) {
    this.#engine = engine;
    this.#home = home;
  }

  /** The VPCs that it gives places in. */
  get plans(): VpcPlan[] {
    return [...this.#vpcs.values()].map(({ plan }) => plan);
  }

  /** From now on these are there. */
  know(plans: readonly VpcPlan[]): void {
    this.#vpcs = new Map(plans.map((plan) => [plan.id, subdivided(plan, this.#vpcs.get(plan.id))]));
  }

  /**
   * Gives a place to what `take` puts there; it is tried with another address where somebody has that one already.
   * Rejects with a plain reason when there is none.
   */
  async seat({ vpcId, subnetId }: NetworkPlace, take: (seat: Seat) => Promise<void>): Promise<Seat> {
    const known = this.#vpcs.get(vpcId);
    if (known === undefined) throw new Error(`the VPC ${vpcId} is not there`);
    const { plan, subnets } = known;
    const addresses = subnets.get(subnetId)?.addresses;
    if (addresses === undefined) throw new Error(`the VPC ${plan.name} has no subnet ${subnetId}`);
    const network = vpcNetwork(this.#home, vpcId);
    const { gateway: resolver } = ownAddresses(plan.range);
    let others: ReadonlySet<string> | undefined;
    for (let left = TRIES; left > 0; left -= 1) {
      const address = addresses.take(others);
      if (address === undefined) break;
      const seat = { network, address, resolver, free: () => addresses.free(address) };
      try {
        await take(seat);
        return seat;
      } catch (error) {
        seat.free();
        if (!isTaken(error)) throw error;
        others = await this.#inUse(network);
      }
    }
    throw new Error(`all addresses of the subnet ${subnetId} are in use. Give the VPC a larger one.`);
  }

  async #inUse(network: string): Promise<ReadonlySet<string>> {
    const { Containers } = await this.#engine.ask<{ Containers: Record<string, { IPv4Address: string }> }>({
      method: "GET",
      path: `/networks/${network}`,
    });
    return new Set(Object.values(Containers).map(({ IPv4Address }) => IPv4Address.split("/", 1)[0] ?? ""));
  }
}

/** Subnets that stay as they were go on where they are. */
function subdivided(plan: VpcPlan, before: Known | undefined): Known {
  const subnets = plan.subnets.map(({ id, range }): [string, Subnet] => {
    const old = before?.subnets.get(id);
    return [id, old?.range === range ? old : { range, addresses: new Addresses(range, plan.range) }];
  });
  return { plan, subnets: new Map(subnets) };
}

function isTaken(error: unknown): boolean {
  return error instanceof EngineError && error.message.includes("Address already in use");
}
