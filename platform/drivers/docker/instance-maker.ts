import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { findRuntime } from "../../../model/runtimes.ts";
import type { ImageRequest, InstanceRequest } from "../driver.ts";
import { DOOR } from "../machine/door.ts";
import type { MemoryWatch } from "../machine/memory-watch.ts";
import type { RunFolder } from "../machine/run-folder.ts";
import { Container } from "./container.ts";
import { INSIDE, LABEL, renderImageContainer, renderRuntimeContainer } from "./container-plan.ts";
import { DockerInstance, type InstanceParts } from "./docker-instance.ts";
import { DoorFolder } from "./door-folder.ts";
import type { Engine } from "./engine.ts";
import type { HostPaths } from "./host-paths.ts";
import type { Images } from "./images.ts";
import { Vitals } from "./vitals.ts";

/** A bootstrap that has not connected after this time never will. */
const CONNECT_MS = 30_000;

/** What all instances of one platform stand on. */
export interface Ground {
  readonly engine: Engine;
  readonly images: Images;
  readonly folder: RunFolder;
  readonly paths: HostPaths;
  readonly watch: MemoryWatch;
  /** Name of the functions' network. */
  readonly network: string;
  /** Volume with the fonts; undefined where they were not built. */
  readonly fonts: string | undefined;
  /** Labels of all that belongs to this platform. */
  readonly labels: Readonly<Record<string, string>>;
  /** True when this machine shows what happens inside containers. */
  readonly seesInside: boolean;
}

/** A generic instance of a runtime. Rejects with a plain reason, and leaves nothing behind then. */
export async function makeRuntimeInstance(
  ground: Ground,
  { id, runtime }: InstanceRequest,
): Promise<DockerInstance> {
  const image = await ground.images.ofRuntime(runtime);
  const door = findRuntime(runtime)?.family === "http";
  const folders = addFolders(ground.folder.add(id), door);
  const token = randomBytes(16).toString("hex");
  const cleanup = new Cleanup(() => ground.folder.remove(id));
  try {
    const doorFolder = await DoorFolder.open(folders.door);
    cleanup.add(() => doorFolder.close());
    const description = renderRuntimeContainer({
      image: image.id,
      network: ground.network,
      labels: labelsOf(ground, id),
      environment: environmentOf(token, door),
      codeFolder: ground.paths.onHost(folders.code),
      doorFolder: ground.paths.onHost(folders.door),
      doorWritable: door,
      fonts: ground.fonts,
    });
    const container = await begin(ground, description, cleanup);
    const stream = await linked(container, doorFolder);
    const runtimeParts = { stream, codeFolder: folders.code, doorFolder, door };
    const cleared = (): Promise<void> => ground.folder.remove(id);
    return await finish(ground, { id, token, container, runtime: runtimeParts, cleared });
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** An instance of a user's own image. Rejects with a plain reason, and leaves nothing behind then. */
export async function makeImageInstance(
  ground: Ground,
  id: string,
  request: ImageRequest,
): Promise<DockerInstance> {
  const image = await ground.images.ofUser(request.reference);
  const cleanup = new Cleanup(() => Promise.resolve());
  try {
    const description = renderImageContainer({
      request,
      image,
      network: ground.network,
      labels: labelsOf(ground, id),
      temporaryApart: ground.seesInside,
    });
    const container = await begin(ground, description, cleanup);
    const parts = { id, token: "", container, runtime: undefined, cleared: () => Promise.resolve() };
    const instance = await finish(ground, parts);
    if (ground.seesInside) await instance.guard(request);
    return instance;
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** What must be undone when a start fails, last first. */
class Cleanup {
  readonly #steps: (() => Promise<unknown>)[];
  constructor(first: () => Promise<unknown>) {
    this.#steps = [first];
  }
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    // Why the start failed says more than what could not be undone after it; `recover` finds that by its label.
    for (const step of this.#steps.toReversed()) await step().catch(() => undefined);
  }
}

async function begin(ground: Ground, description: object, cleanup: Cleanup): Promise<Container> {
  const container = await Container.create(ground.engine, description);
  cleanup.add(() => container.remove());
  await container.start();
  return container;
}

async function finish(
  ground: Ground,
  parts: Pick<InstanceParts, "id" | "token" | "container" | "runtime" | "cleared">,
): Promise<DockerInstance> {
  const { State, NetworkSettings } = await parts.container.inspect();
  return new DockerInstance({
    ...parts,
    vitals: ground.seesInside ? await Vitals.open(parts.container.id, State.Pid) : undefined,
    watch: ground.watch,
    address: NetworkSettings.Networks[ground.network]?.IPAddress ?? "",
  });
}

/** The bootstrap's connection. Rejects with what the container wrote when it ends first. */
async function linked(container: Container, folder: DoorFolder): Promise<Socket> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CONNECT_MS, `did not connect within ${CONNECT_MS / 1000} s`);
  });
  const ended = container
    .ended()
    .then(({ code, signal }) => `ended with ${signal ?? `code ${String(code)}`}`);
  const first = await Promise.race([folder.link, ended, late]);
  clearTimeout(timer);
  if (typeof first !== "string") return first;
  const wrote = container.earlyOutput;
  throw new Error(`the container ${first}${wrote === "" ? "" : `: ${wrote}`}`);
}

function addFolders(folder: string, door: boolean): { code: string; door: string } {
  const folders = { code: join(folder, "code"), door: join(folder, "door") };
  mkdirSync(folders.code);
  mkdirSync(folders.door);
  chmodSync(folders.code, 0o755);
  // The bootstrap makes its door as user 1003, before any code of a user runs; then the folder is sealed.
  chmodSync(folders.door, door ? 0o777 : 0o755);
  return folders;
}

function labelsOf(ground: Ground, id: string): Record<string, string> {
  return { ...ground.labels, [LABEL.instance]: id };
}

function environmentOf(token: string, door: boolean): Record<string, string> {
  return {
    LANG: "C.UTF-8",
    HOME: "/home/snuser",
    USER: "snuser",
    TMPDIR: "/tmp",
    FUNGRAPH_LINK: `unix:${INSIDE.door}/link`,
    FUNGRAPH_TOKEN: token,
    ...(door ? { FUNGRAPH_DOOR: `unix:${INSIDE.door}/${DOOR}` } : {}),
  };
}
