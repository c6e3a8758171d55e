import { LABEL } from "./container-plan.ts";
import { EngineError, type Engine } from "./engine.ts";
import { openMachine } from "./firewall.ts";
import { networkName, ruleMark, VPC_RULES } from "./network.ts";

interface Labelled {
  readonly Id: string;
  /** Of networks. */
  readonly Name?: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/** Who of what bears a home's label is no orphan. */
interface Living {
  /** Tells by a platform's name whether it still runs. */
  readonly lives: (owner: string) => boolean;
  /** Tells by an instance's id whether a platform that runs has it, also one that took it over. */
  readonly houses: (instance: string) => boolean;
}

/**
 * Removes the containers, networks and firewall rules that dead platforms left.
 * @param home only what belongs to this data folder is looked at
 */
export async function removeOrphans(engine: Engine, home: string, { lives, houses }: Living): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL.home}=${home}`] }));
  const orphans = async (path: string): Promise<Labelled[]> => {
    const listed = await engine.ask<Labelled[]>({ method: "GET", path: `${path}filters=${filters}` });
    // Networks of VPCs and their gateways are taken over, or removed when they are arranged.
    return listed.filter(({ Labels }) => !isOfVpc(Labels) && !lives(Labels[LABEL.owner] ?? ""));
  };
  const isHoused = (instance: string | undefined): boolean => instance !== undefined && houses(instance);
  const made = await orphans("/containers/json?all=1&");
  const containers = made.filter(({ Labels }) => !isHoused(Labels[LABEL.instance]));
  await Promise.all(containers.map(({ Id }) => remove(engine, `/containers/${Id}?force=1&v=1`)));
  for (const { Id } of await orphans("/networks?")) await remove(engine, `/networks/${Id}`);
  const ours = ruleMark(home, "");
  // A network that instances are in which were taken over stays closed.
  const left = new Set((await orphans("/networks?")).map(({ Name }) => Name));
  const stays = (owner: string): boolean =>
    owner.startsWith(`${VPC_RULES}/`) || lives(owner) || left.has(networkName(owner));
  await openMachine((mark) => mark.startsWith(ours) && !stays(mark.slice(ours.length)));
}

function isOfVpc(labels: Labelled["Labels"]): boolean {
  return LABEL.vpc in labels || LABEL.egress in labels;
}

async function remove(engine: Engine, path: string): Promise<void> {
  try {
    await engine.ask({ method: "DELETE", path });
  } catch (error) {
    // Gone already, or on its way; or containers are in it that were taken over.
    if (!(error instanceof EngineError) || ![403, 404, 409].includes(error.status)) throw error;
  }
}
