import type { NetworkPlace, VpcPlan } from "../../surroundings.ts";
import { LABEL } from "../container-plan.ts";
import { type Seat, Vpc, type VpcGround } from "./vpc.ts";

const ID_LENGTH = 8;

/** The VPCs of one platform. */
export class Vpcs {
  readonly #ground: Omit<VpcGround, "id" | "network">;
  readonly #vpcs = new Map<string, Vpc>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(ground: Omit<VpcGround, "id" | "network">) {
    this.#ground = ground;
  }

  /** Brings what is there to what is declared, one call after the other. Rejects with all that failed; what did not is in force. */
  arrange(plans: readonly VpcPlan[]): Promise<void> {
    const turn = this.#last.then(() => this.#bring(plans));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** As `Vpc.seat`. */
  seat(place: NetworkPlace, take: (seat: Seat) => Promise<void>): Promise<Seat> {
    const vpc = this.#vpcs.get(place.vpcId);
    if (vpc === undefined) return Promise.reject(new Error(`the VPC ${place.vpcId} is not there`));
    return vpc.seat(place, take);
  }

  /** No container is left in them. */
  close(): Promise<void> {
    return this.arrange([]);
  }

  async #bring(plans: readonly VpcPlan[]): Promise<void> {
    const failed: string[] = [];
    const step = (work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => failed.push((error as Error).message));
    for (const [id, vpc] of this.#vpcs) {
      if (plans.some((plan) => plan.id === id)) continue;
      this.#vpcs.delete(id);
      await step(vpc.remove());
    }
    for (const plan of plans) await step(this.#put(plan));
    if (failed.length > 0) throw new Error(failed.join(" "));
  }

  async #put(plan: VpcPlan): Promise<void> {
    const { id } = plan;
    const known = this.#vpcs.get(id);
    if (known !== undefined) return known.change(plan);
    const { labels } = this.#ground;
    const network = `fungraph-vpc-${(labels[LABEL.home] ?? "").slice(0, ID_LENGTH)}-${id.slice(0, ID_LENGTH)}`;
    const ground = { ...this.#ground, id, network, labels: { ...labels, [LABEL.vpc]: id } };
    this.#vpcs.set(id, await Vpc.open(ground, plan));
    return undefined;
  }
}
