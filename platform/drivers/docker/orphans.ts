import { LABEL } from "./container-plan.ts";
import { EngineError, type Engine } from "./engine.ts";
import { openMachine } from "./firewall.ts";
import { ruleMark } from "./network.ts";

interface Labelled {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

/**
 * Removes the containers, networks and firewall rules that dead platforms left.
 * @param home only what belongs to this data folder is looked at
 * @param lives tells by an owner's name whether it still runs
 */
export async function removeOrphans(
  engine: Engine,
  home: string,
  lives: (owner: string) => boolean,
): Promise<void> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL.home}=${home}`] }));
  const orphans = async (path: string): Promise<Labelled[]> => {
    const listed = await engine.ask<Labelled[]>({ method: "GET", path: `${path}filters=${filters}` });
    return listed.filter(({ Labels }) => !lives(Labels[LABEL.owner] ?? ""));
  };
  const containers = await orphans("/containers/json?all=1&");
  await Promise.all(containers.map(({ Id }) => remove(engine, `/containers/${Id}?force=1&v=1`)));
  for (const { Id } of await orphans("/networks?")) await remove(engine, `/networks/${Id}`);
  const ours = ruleMark(home, "");
  await openMachine((mark) => mark.startsWith(ours) && !lives(mark.slice(ours.length)));
}

async function remove(engine: Engine, path: string): Promise<void> {
  try {
    await engine.ask({ method: "DELETE", path });
  } catch (error) {
    // Gone already, or on its way; or a VPC that somebody's own containers are in, which the next start takes over.
    if (!(error instanceof EngineError) || ![403, 404, 409].includes(error.status)) throw error;
  }
}
