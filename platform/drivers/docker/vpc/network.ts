import type { VpcPlan } from "../../surroundings.ts";
import { LABEL } from "../container-plan.ts";
import { EngineError, type Engine } from "../engine.ts";
import { closeMachine } from "../firewall.ts";
import { bridgeName, ruleMark, VPC_RULES } from "../network.ts";
import { renderVpcNetwork } from "./gateway-plan.ts";
import type { RemainingNetwork, VpcGround } from "./ground.ts";

const ID_LENGTH = 8;

/** Name of the network of a VPC: people find it by its labels, to put containers of their own in it. @param home whose it is */
export function vpcNetwork(home: string, vpcId: string): string {
  return `fungraph-vpc-${home.slice(0, ID_LENGTH)}-${vpcId.slice(0, ID_LENGTH)}`;
}

/** Name of the network between the gateway of a VPC and the machine. */
export function egressNetwork(home: string, vpcId: string): string {
  return `${vpcNetwork(home, vpcId)}-out`;
}

/** Labels of what belongs to one VPC. @param kind people find the VPC itself by `vpc`, which therefore one network alone has */
export function vpcLabels(
  { home, stack }: VpcGround,
  vpcId: string,
  kind: "vpc" | "egress" = "vpc",
): Record<string, string> {
  return {
    [LABEL.home]: home,
    [LABEL[kind]]: vpcId,
    ...(stack !== undefined && { [LABEL.stack]: stack }),
  };
}

/** How firewall rules name the VPCs of a platform; the bridge of a network follows. */
export function vpcMark(home: string): string {
  return `${ruleMark(home, VPC_RULES)}/`;
}

/**
 * Has the network of a VPC be there, closed, as it is declared. Rejects with a sentence when it cannot have its addresses.
 * @param there the one that the engine has
 */
export async function holdNetwork(
  ground: VpcGround,
  plan: VpcPlan,
  there: RemainingNetwork | undefined,
): Promise<void> {
  const { engine, home } = ground;
  const name = vpcNetwork(home, plan.id);
  const bridge = bridgeName(name);
  if (there?.IPAM.Config?.[0]?.Subnet !== plan.range)
    try {
      if (there !== undefined) await engine.ask({ method: "DELETE", path: `/networks/${name}` });
      const json = renderVpcNetwork(plan, { name, bridge, labels: vpcLabels(ground, plan.id) });
      await engine.ask({ method: "POST", path: "/networks/create", json });
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new Error(
        `the VPC ${plan.name} cannot have the addresses ${plan.range} on this machine: ${error.message}. Choose a range that no other network of it has.`,
        { cause: error },
      );
    }
  await closeMachine({ bridge, closed: true }, vpcMark(home) + bridge);
}

/** A network stays while containers are in it that are somebody's own. */
export async function removeNetwork(engine: Engine, name: string): Promise<void> {
  await engine.ask({ method: "DELETE", path: `/networks/${name}` }).catch((error: unknown) => {
    if (!(error instanceof EngineError) || ![403, 404].includes(error.status)) throw error;
  });
}
