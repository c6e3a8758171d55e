import type { Engine } from "../../platform/drivers/docker/engine.ts";
import { unlessGone } from "./engine-access.ts";

/** On everything that belongs to a stack's platform, whoever made it; its value tells which platform. */
const STACK_LABEL = "fungraph.stack";
/** Of instances: which data folder's platform made them; firewall rules are marked by it. */
const HOME_LABEL = "fungraph.home";
/** On what the stack itself declares; a volume of that is deleted by whoever made it. */
const PART_LABEL = "fungraph.part";

interface Labelled {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * Removes whatever bears a platform's label, and its images. What ran before a crash, or was made while a destruction was interrupted,
 * is among it. Safe to run again.
 */
export async function sweep(engine: Engine, platform: string, repository: string): Promise<void> {
  const filters = filterBy({ label: [`${STACK_LABEL}=${platform}`] });
  const containers = await engine.ask<Labelled[]>({
    method: "GET",
    path: `/containers/json?all=1&${filters}`,
  });
  const networks = await engine.ask<Labelled[]>({ method: "GET", path: `/networks?${filters}` });
  await Promise.all(containers.map(({ Id }) => remove(engine, `/containers/${Id}?force=1&v=1`)));
  await Promise.all(networks.map(({ Id }) => remove(engine, `/networks/${Id}`)));
  await openFirewall([...containers, ...networks]);
  for (const { Name, Labels } of (await volumesOf(engine, filters)) ?? [])
    if (Labels?.[PART_LABEL] === undefined) await remove(engine, `/volumes/${Name}`);
  await removeImages(engine, repository, () => true);
}

async function volumesOf(
  engine: Engine,
  filters: string,
): Promise<{ Name: string; Labels: Labelled["Labels"] }[] | null> {
  const path = `/volumes?${filters}`;
  return (
    await engine.ask<{ Volumes: { Name: string; Labels: Labelled["Labels"] }[] | null }>({
      method: "GET",
      path,
    })
  ).Volumes;
}

/**
 * Removes images of a repository; those that containers still use stay.
 * @param meant tells by an image's tag
 */
export async function removeImages(
  engine: Engine,
  repository: string,
  meant: (tag: string) => boolean,
): Promise<void> {
  const images = await engine.ask<{ RepoTags: string[] | null }[]>({
    method: "GET",
    path: `/images/json?${filterBy({ reference: [`${repository}/*`] })}`,
  });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const tag of tags.filter((each) => each.startsWith(`${repository}/`) && meant(each)))
    await remove(engine, `/images/${tag}`);
}

function filterBy(filters: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(filters))}`;
}

async function remove(engine: Engine, path: string): Promise<void> {
  try {
    await unlessGone(engine.ask({ method: "DELETE", path }));
  } catch (error) {
    // On its way, or in use: what is in use belongs to somebody else, or goes with a later run. Networks in use are forbidden to remove.
    if (![403, 409].includes((error as { status?: number }).status ?? 0)) throw error;
  }
}

/** Where the platform may write firewall rules, and so may we; they name the platform's data folder. */
async function openFirewall(left: readonly Labelled[]): Promise<void> {
  const homes = new Set(left.map(({ Labels }) => Labels?.[HOME_LABEL]).filter((home) => home !== undefined));
  if (homes.size === 0) return;
  const { openMachine } = await import("../../platform/drivers/docker/firewall.ts");
  await openMachine((mark) => homes.has(mark.split("/", 1)[0] ?? ""));
}
