import type { RunFolder } from "../../machine/run-folder.ts";
import type { NetworkPlace, VpcPlan } from "../../surroundings.ts";
import { LABEL } from "../container-plan.ts";
import { EngineError, type Engine } from "../engine.ts";
import { closeMachine, openMachine } from "../firewall.ts";
import type { HostPaths } from "../host-paths.ts";
import type { Images } from "../images.ts";
import { bridgeName } from "../network.ts";
import { Addresses, ownAddresses } from "./addresses.ts";
import { Gateway, needsGateway } from "./gateway.ts";
import { renderVpcNetwork } from "./gateway-plan.ts";

/** What a VPC stands on. */
export interface VpcGround {
  readonly id: string;
  readonly engine: Engine;
  readonly images: Images;
  readonly folder: RunFolder;
  readonly paths: HostPaths;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of its network: people find it by that, to put containers of their own in it. */
  readonly network: string;
  /** How firewall rules name the platform. */
  readonly mark: string;
}

/** A place in a VPC that one container has. */
export interface Seat {
  readonly network: string;
  readonly address: string;
  /** Where names are asked for. */
  readonly resolver: string;
  /** Somebody else may have the address. */
  free(): void;
}

/** So many addresses are tried: containers that people put in the VPC themselves have some that nobody told of. */
const TRIES = 64;

/** A VPC while it is there. */
export class Vpc {
  readonly #ground: VpcGround;
  readonly #bridge: string;
  readonly #subnets = new Map<string, { readonly range: string; readonly addresses: Addresses }>();
  #plan: VpcPlan;
  #gateway: Gateway | undefined;

  private constructor(ground: VpcGround, plan: VpcPlan) {
    this.#ground = ground;
    this.#bridge = bridgeName(ground.network);
    this.#plan = plan;
  }

  /** Makes its network, or takes over the one that a former run could not remove. Rejects with a plain reason. */
  static async open(ground: VpcGround, plan: VpcPlan): Promise<Vpc> {
    const vpc = new Vpc(ground, plan);
    await vpc.#makeNetwork();
    try {
      await closeMachine({ bridge: vpc.#bridge, closed: true }, vpc.#mark);
      await vpc.change(plan);
    } catch (error) {
      await vpc.remove().catch(() => undefined);
      throw error;
    }
    return vpc;
  }

  /** Puts zones, subnets and the way out in force. Rejects with a plain reason. */
  async change(plan: VpcPlan): Promise<void> {
    const leavesBy = JSON.stringify(this.#plan.nat);
    this.#plan = plan;
    this.#subdivide();
    const stays = needsGateway(plan) && JSON.stringify(plan.nat) === leavesBy;
    if (stays && (await this.#gateway?.answer(plan)) === true) return;
    await this.#gateway?.remove();
    this.#gateway = undefined;
    if (needsGateway(plan)) this.#gateway = await Gateway.start(this.#ground, plan);
  }

  /**
   * Gives a place to what `take` puts there; it is tried with another address where somebody has that one already.
   * Rejects with a plain reason when there is none.
   */
  async seat({ subnetId }: NetworkPlace, take: (seat: Seat) => Promise<void>): Promise<Seat> {
    const addresses = this.#subnets.get(subnetId)?.addresses;
    if (addresses === undefined) throw new Error(`the VPC ${this.#plan.name} has no subnet ${subnetId}`);
    for (let left = TRIES; left > 0; left -= 1) {
      const address = addresses.take();
      if (address === undefined) break;
      const { gateway: resolver } = ownAddresses(this.#plan.range);
      const seat = { network: this.#ground.network, address, resolver, free: () => addresses.free(address) };
      try {
        await take(seat);
        return seat;
      } catch (error) {
        seat.free();
        if (!isTaken(error)) throw error;
      }
    }
    throw new Error(`all addresses of the subnet ${subnetId} are in use. Give the VPC a larger one.`);
  }

  /** Its network stays while containers are in it that are somebody's own. */
  async remove(): Promise<void> {
    await this.#gateway?.remove();
    this.#gateway = undefined;
    await openMachine((mark) => mark === this.#mark);
    const path = `/networks/${this.#ground.network}`;
    await this.#ground.engine.ask({ method: "DELETE", path }).catch((error: unknown) => {
      if (!(error instanceof EngineError) || ![403, 404].includes(error.status)) throw error;
    });
  }

  get #mark(): string {
    return `${this.#ground.mark}/${this.#bridge}`;
  }

  async #makeNetwork(): Promise<void> {
    const { engine, network: name, labels } = this.#ground;
    const json = renderVpcNetwork(this.#plan, { name, bridge: this.#bridge, labels });
    try {
      await engine.ask({ method: "POST", path: "/networks/create", json });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (error.status === 409 && (await this.#isOurs())) return;
      throw new Error(
        `the VPC ${this.#plan.name} cannot have the addresses ${this.#plan.range} on this machine: ${error.message}. Choose a range that no other network of it has.`,
        { cause: error },
      );
    }
  }

  /** A network of that name is there: was it made for this VPC, as it is declared? */
  async #isOurs(): Promise<boolean> {
    const path = `/networks/${this.#ground.network}`;
    const { Labels, IPAM } = await this.#ground.engine.ask<{
      Labels: Record<string, string>;
      IPAM: { Config: { Subnet: string }[] };
    }>({ method: "GET", path });
    return (
      Labels[LABEL.home] === this.#ground.labels[LABEL.home] && IPAM.Config[0]?.Subnet === this.#plan.range
    );
  }

  #subdivide(): void {
    const { subnets, range: vpcRange } = this.#plan;
    for (const id of this.#subnets.keys())
      if (!subnets.some((one) => one.id === id)) this.#subnets.delete(id);
    for (const { id, range } of subnets)
      if (this.#subnets.get(id)?.range !== range)
        this.#subnets.set(id, { range, addresses: new Addresses(range, vpcRange) });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof EngineError && error.message.includes("Address already in use");
}
