import { LABEL } from "./container-plan.ts";
import type { Engine } from "./engine.ts";
import { ownContainer } from "./host-paths.ts";

/** On the container of a platform that a stack declares, beside the stack's label. */
const PART = "fungraph.part=platform";

/**
 * Ids of the containers that a stack's platform runs in, those that are not started included, the youngest first. It is one, but
 * for interrupted deployments.
 */
export async function platformsOf(engine: Engine, stack: string): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${LABEL.stack}=${stack}`, PART] }));
  const path = `/containers/json?all=1&filters=${filters}`;
  return (await engine.ask<{ Id: string }[]>({ method: "GET", path })).map(({ Id }) => Id);
}

/**
 * Removes the older containers of this stack's platform: whoever was interrupted while making one does not know of it. Resolves to
 * false in one that is older itself, and not meant any more.
 */
export async function removePredecessors(engine: Engine, stack: string): Promise<boolean> {
  const all = await platformsOf(engine, stack);
  const own = all.indexOf(ownContainer() ?? "");
  const older = all.slice(own + 1);
  await Promise.all(
    older.map((id) => engine.ask({ method: "DELETE", path: `/containers/${id}?force=1&v=1` })),
  );
  return own === 0;
}
