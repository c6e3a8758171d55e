import { UnmadeError, type VpcPlan } from "../../surroundings.ts";
import { LABEL } from "../container-plan.ts";
import { openMachine } from "../firewall.ts";
import { bridgeName } from "../network.ts";
import { holdGateway, needsGateway, removeGateway } from "./gateway.ts";
import type { RemainingContainer, RemainingNetwork, VpcGround, VpcRemains } from "./ground.ts";
import { egressNetwork, holdNetwork, removeNetwork, vpcMark, vpcNetwork } from "./network.ts";

const NONE: VpcRemains = { network: undefined, egress: undefined, containers: [] };

/** The VPCs of one platform on an engine. What is there the engine tells: nothing of them is remembered. */
export class Vpcs {
  readonly #ground: VpcGround;
  #last: Promise<unknown> = Promise.resolve();

  constructor(ground: VpcGround) {
    this.#ground = ground;
  }

  /** Brings what is there to what is declared, one call after the other. Rejects with UnmadeError; what it does not name is in force. */
  arrange(plans: readonly VpcPlan[]): Promise<void> {
    const turn = this.#last.then(() => this.#bring(plans));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #bring(plans: readonly VpcPlan[]): Promise<void> {
    const reasons = new Map<string, string>();
    const step = (id: string, work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => reasons.set(id, (error as Error).message));
    const remains = await this.#look();
    for (const [id, there] of remains)
      if (!plans.some((plan) => plan.id === id)) await step(id, this.#remove(id, there));
    for (const plan of plans) await step(plan.id, this.#put(plan, remains.get(plan.id) ?? NONE));
    await this.#openOthers(plans);
    if (reasons.size > 0) throw new UnmadeError(reasons);
  }

  async #put(plan: VpcPlan, remains: VpcRemains): Promise<void> {
    const name = vpcNetwork(this.#ground.home, plan.id);
    await holdNetwork(this.#ground, plan, remains.network);
    try {
      if (needsGateway(plan)) await holdGateway(this.#ground, plan, remains);
      else if (remains.containers.length > 0 || remains.egress !== undefined)
        await removeGateway(this.#ground, plan.id, remains.containers);
    } catch (error) {
      // Who is new leaves nothing behind.
      if (remains.network === undefined)
        await removeNetwork(this.#ground.engine, name).catch(() => undefined);
      throw error;
    }
  }

  async #remove(id: string, { containers }: VpcRemains): Promise<void> {
    await removeGateway(this.#ground, id, containers);
    await removeNetwork(this.#ground.engine, vpcNetwork(this.#ground.home, id));
  }

  /** By the id of the VPC. */
  async #look(): Promise<Map<string, VpcRemains>> {
    const { home } = this.#ground;
    const ours = `${LABEL.home}=${home}`;
    const [networks, egresses, containers] = await Promise.all([
      this.#list<RemainingNetwork>("/networks?", ours, LABEL.vpc),
      this.#list<RemainingNetwork>("/networks?", ours, LABEL.egress),
      this.#list<RemainingContainer>("/containers/json?all=1&", ours, LABEL.vpc),
    ]);
    const ids = new Set([...networks, ...egresses, ...containers].map(idOf));
    return new Map(
      [...ids].map((id) => {
        const isOf = (one: RemainingNetwork | RemainingContainer): boolean => idOf(one) === id;
        return [
          id,
          {
            network: networks.find(isOf),
            egress: egresses.find(isOf),
            containers: containers.filter(isOf),
          },
        ];
      }),
    );
  }

  #list<Listed>(path: string, ...label: readonly string[]): Promise<Listed[]> {
    const filters = encodeURIComponent(JSON.stringify({ label }));
    return this.#ground.engine.ask({ method: "GET", path: `${path}filters=${filters}` });
  }

  /** Removes the rules of networks that are no more. */
  async #openOthers(plans: readonly VpcPlan[]): Promise<void> {
    const { home } = this.#ground;
    const ours = vpcMark(home);
    const names = plans.flatMap(({ id, nat }) => [
      vpcNetwork(home, id),
      ...(nat === undefined ? [] : [egressNetwork(home, id)]),
    ]);
    const wanted = new Set(names.map((name) => ours + bridgeName(name)));
    await openMachine((mark) => mark.startsWith(ours) && !wanted.has(mark));
  }
}

function idOf({ Labels }: RemainingNetwork | RemainingContainer): string {
  return Labels[LABEL.vpc] ?? Labels[LABEL.egress] ?? "";
}
