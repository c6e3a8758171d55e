import { cacheMount } from "./cache-volume.ts";
import { LABEL } from "./container-plan.ts";
import { EngineError, type Engine } from "./engine.ts";
import type { RuntimeImage } from "./images.ts";

/** Where the image has them. */
const FOLDER = "/fonts";

/**
 * The volume with what an image of fonts holds, filled when it is not there yet.
 * @param image undefined: there are no fonts, and no volume. @param labels of containers that belong to this platform
 */
export async function fontVolume(
  engine: Engine,
  image: RuntimeImage | undefined,
  labels: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (image === undefined) return undefined;
  const mount = cacheMount("fonts", { image: image.id, target: FOLDER, stack: labels[LABEL.stack] });
  const name = mount.Source;
  if (await exists(engine, name)) return name;
  // An empty volume is filled by the container that is created with it; that one never starts.
  const json = { Image: image.id, Labels: labels, Cmd: ["none"], HostConfig: { Mounts: [mount] } };
  const { Id } = await engine.ask<{ Id: string }>({ method: "POST", path: "/containers/create", json });
  await engine.ask({ method: "DELETE", path: `/containers/${Id}` });
  return name;
}

async function exists(engine: Engine, volume: string): Promise<boolean> {
  try {
    await engine.ask({ method: "GET", path: `/volumes/${volume}` });
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return false;
    throw error;
  }
}
