import { findRuntime } from "../../../model/runtimes.ts";
import type { Held } from "../driver.ts";
import type { NetworkPlace } from "../surroundings.ts";
import { Cleanup } from "./cleanup.ts";
import { Container } from "./container.ts";
import { LABEL } from "./container-plan.ts";
import { DockerInstance, type InstanceParts } from "./docker-instance.ts";
import { DoorFolder } from "./door-folder.ts";
import { EngineError } from "./engine.ts";
import { foldersOf, type Ground } from "./instance-maker.ts";
import { clearNetwork, networkName } from "./network.ts";
import { moveInto } from "./placement.ts";
import { Vitals } from "./vitals.ts";
import type { Seat } from "./vpc/seats.ts";

/** What the engine tells of a container that an earlier run made. */
interface Found {
  readonly container: Container;
  /** The run that made it. */
  readonly run: string;
  readonly pid: number;
  readonly token: string;
  readonly addresses: Readonly<Record<string, { readonly IPAddress: string } | undefined>>;
}

const TOKEN = "FUNGRAPH_TOKEN=";

/**
 * Takes over an instance of a run that was killed: its folder, its limits and its output from now on. Undefined when it runs no more, or a platform
 * that lives has it. One that cannot be taken over is ended: nobody else would.
 */
export async function adoptInstance(ground: Ground, held: Held): Promise<DockerInstance | undefined> {
  const { id } = held.request;
  const folder = ground.folder.adopt(id);
  if (folder === undefined) return undefined;
  const cleanup = new Cleanup(() => ground.folder.remove(id));
  try {
    const found = await find(ground, id, cleanup);
    if (found !== undefined) return await takeOver(ground, { held, folder, found });
  } catch (error) {
    await cleanup.run();
    throw error;
  }
  await cleanup.run();
  return undefined;
}

/** What is known of an instance that is taken over. */
interface Known {
  readonly held: Held;
  readonly folder: string;
  readonly found: Found;
}

async function takeOver(ground: Ground, known: Known): Promise<DockerInstance> {
  const { held, found } = known;
  const { id } = held.request;
  const { container, pid, run, token } = found;
  await container.follow();
  const runtime = await runtimeParts(ground, known);
  const instance = new DockerInstance({
    id,
    token,
    container,
    vitals: ground.seesInside ? await Vitals.open(container.id, pid) : undefined,
    watch: ground.watch,
    runtime,
    claimed: held.claim !== undefined,
    ...placeOf(held, found),
    cleared: async () => {
      await ground.folder.remove(id);
      // The last one out of a network that nobody else remembers takes it along.
      await clearNetwork(ground.engine, ground.labels[LABEL.home] ?? "", run).catch(() => undefined);
    },
  });
  const limits = held.claim ?? held.request.image;
  if (limits !== undefined) await instance.guard(limits);
  return instance;
}

async function runtimeParts(
  ground: Ground,
  { held, folder, found }: Known,
): Promise<InstanceParts["runtime"]> {
  const { runtime, image } = held.request;
  if (image !== undefined) return undefined;
  const { code, door, resolver } = foldersOf(folder);
  const from = { ...ground, network: networkName(found.run) };
  return {
    stream: undefined,
    codeFolder: code,
    doorFolder: await DoorFolder.reopen(door),
    door: findRuntime(runtime)?.family === "http",
    move: (place: NetworkPlace): Promise<Seat> => moveInto(from, found.container, resolver, place),
  };
}

/** Where it is. Its address in a VPC nobody else can be given while it has it, and gives back who tried. */
function placeOf({ request, claim }: Held, { addresses }: Found): Pick<InstanceParts, "address" | "seat"> {
  const [network, at] = Object.entries(addresses)[0] ?? ["", undefined];
  const address = at?.IPAddress ?? "";
  const isInVpc = (claim?.network ?? request.network) !== undefined;
  return {
    address,
    seat: isInVpc ? { network, address, resolver: "", free: () => undefined } : undefined,
  };
}

/** Undefined when it has ended, or ended and is gone. */
async function find({ engine, labels }: Ground, id: string, cleanup: Cleanup): Promise<Found | undefined> {
  const label = [`${LABEL.instance}=${id}`, `${LABEL.home}=${labels[LABEL.home] ?? ""}`];
  const filters = encodeURIComponent(JSON.stringify({ label }));
  const [listed] = await engine.ask<{ Id: string; Labels: Record<string, string> }[]>({
    method: "GET",
    path: `/containers/json?all=1&filters=${filters}`,
  });
  if (listed === undefined) return undefined;
  const container = Container.of(engine, listed.Id);
  cleanup.add(() => container.remove());
  return look(container, listed.Labels[LABEL.owner] ?? "");
}

async function look(container: Container, run: string): Promise<Found | undefined> {
  try {
    const { Config, State, NetworkSettings } = await container.inspect();
    if (!State.Running) return undefined;
    const token = Config.Env?.find((variable) => variable.startsWith(TOKEN))?.slice(TOKEN.length) ?? "";
    return { container, run, pid: State.Pid, token, addresses: NetworkSettings.Networks };
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}
