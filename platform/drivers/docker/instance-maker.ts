import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import type { NfsExport } from "../../../model/file-system.ts";
import { MOUNT_USER, type MountsSpec } from "../../../model/mount.ts";
import { findRuntime } from "../../../model/runtimes.ts";
import type { ImageRequest, InstanceRequest } from "../driver.ts";
import type { AwaitLine } from "../machine/awaited-line.ts";
import { DOOR } from "../machine/door.ts";
import type { MemoryWatch } from "../machine/memory-watch.ts";
import type { RunFolder } from "../machine/run-folder.ts";
import type { NetworkPlace } from "../surroundings.ts";
import { Cleanup } from "./cleanup.ts";
import type { Container } from "./container.ts";
import {
  type EngineUser,
  INSIDE,
  LABEL,
  type MountPlan,
  renderImageContainer,
  renderRuntimeContainer,
} from "./container-plan.ts";
import { DockerInstance, type InstanceParts } from "./docker-instance.ts";
import { DoorFolder } from "./door-folder.ts";
import type { Engine } from "./engine.ts";
import type { HostPaths } from "./host-paths.ts";
import type { Images } from "./images.ts";
import { begin, moveInto, writeResolver } from "./placement.ts";
import type { Preparations } from "./preparation.ts";
import { Vitals } from "./vitals.ts";
import type { Seat, Seats } from "./vpc/seats.ts";

/** A bootstrap that has not connected after this time never will. */
const CONNECT_MS = 30_000;
const EVERYBODY: EngineUser = { uid: MOUNT_USER, gid: MOUNT_USER };

/** What all instances of one platform stand on. */
export interface Ground {
  readonly engine: Engine;
  readonly images: Images;
  readonly folder: RunFolder;
  readonly paths: HostPaths;
  readonly watch: MemoryWatch;
  /** Name of the functions' network. */
  readonly network: string;
  /** Where instances are in VPCs. */
  readonly seats: Seats;
  /** Where the file systems are, by id: folders as the engine sees them, and exports of NFS servers. */
  readonly fileSystems: Map<string, string | NfsExport>;
  /** Volume with the fonts; undefined where they were not built. */
  readonly fonts: string | undefined;
  readonly preparations: Preparations;
  /** Set: another process has the platform's ends of the links. */
  readonly awaitLine: AwaitLine | undefined;
  /** Labels of all that belongs to this platform. */
  readonly labels: Readonly<Record<string, string>>;
  /** True when this machine shows what happens inside containers. */
  readonly seesInside: boolean;
}

/** An instance of a runtime: a generic one, or with mounts one of its function. Rejects with a plain reason, and leaves nothing behind then. */
export async function makeRuntimeInstance(ground: Ground, request: InstanceRequest): Promise<DockerInstance> {
  const { id, runtime } = request;
  const image = await ground.images.ofRuntime(runtime);
  const door = findRuntime(runtime)?.family === "http";
  const mounts = mountPlans(ground, request.mounts);
  const folders = foldersOf(ground.folder.add(id));
  makeFolders(folders, door);
  const token = randomBytes(16).toString("hex");
  const cleanup = new Cleanup(() => ground.folder.remove(id));
  try {
    const doorFolder = await DoorFolder.open(folders.door, ground.awaitLine);
    cleanup.add(() => doorFolder.close());
    const { container, seat } = await begin(ground, request.network, cleanup, (spot) => {
      writeResolver(folders.resolver, spot.resolver);
      return renderRuntimeContainer({
        image: image.id,
        spot,
        mounts,
        user: userOf(request.mounts),
        labels: labelsOf(ground, id),
        environment: environmentOf(token, door),
        codeFolder: ground.paths.onHost(folders.code),
        doorFolder: ground.paths.onHost(folders.door),
        resolverFile: ground.paths.onHost(folders.resolver),
        doorWritable: door,
        fonts: ground.fonts,
        prepared: ground.preparations.of(image),
      });
    });
    const link = await linked(container, doorFolder);
    const move = (place: NetworkPlace): Promise<Seat> => moveInto(ground, container, folders.resolver, place);
    const runtimeParts = { ...link, codeFolder: folders.code, doorFolder, door, move };
    const cleared = (): Promise<void> => ground.folder.remove(id);
    return await finish(ground, { id, token, container, runtime: runtimeParts, seat, cleared });
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

/** An instance of a user's own image. Rejects with a plain reason, and leaves nothing behind then. */
export async function makeImageInstance(
  ground: Ground,
  { id, network, mounts }: InstanceRequest,
  request: ImageRequest,
): Promise<DockerInstance> {
  const image = await ground.images.ofUser(request.reference);
  const plans = mountPlans(ground, mounts);
  // Nothing is in its folder: that it is there tells whose the instance is.
  ground.folder.add(id);
  const cleared = (): Promise<void> => ground.folder.remove(id);
  const cleanup = new Cleanup(cleared);
  try {
    const { container, seat } = await begin(ground, network, cleanup, (spot) =>
      renderImageContainer({
        request: { ...request, ...(mounts && userOf(mounts, request)) },
        image,
        spot,
        mounts: plans,
        labels: labelsOf(ground, id),
        temporaryApart: ground.seesInside,
      }),
    );
    const parts = { id, token: "", container, runtime: undefined, seat, cleared };
    const instance = await finish(ground, parts);
    if (ground.seesInside) await instance.guard(request);
    return instance;
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function finish(
  ground: Ground,
  parts: Pick<InstanceParts, "id" | "token" | "container" | "runtime" | "seat" | "cleared">,
): Promise<DockerInstance> {
  const { State, NetworkSettings } = await parts.container.inspect();
  return new DockerInstance({
    ...parts,
    vitals: ground.seesInside ? await Vitals.open(parts.container.id, State.Pid) : undefined,
    watch: ground.watch,
    address: parts.seat?.address ?? NetworkSettings.Networks[ground.network]?.IPAddress ?? "",
  });
}

/** The bootstrap's connection, here or elsewhere. Rejects with what the container wrote when it ends first. */
async function linked(
  container: Container,
  folder: DoorFolder,
): Promise<{ readonly stream: Socket | undefined; readonly line: string | undefined }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CONNECT_MS, `did not connect within ${CONNECT_MS / 1000} s`);
  });
  const ended = container
    .ended()
    .then(({ code, signal }) => `ended with ${signal ?? `code ${String(code)}`}`);
  const first = await Promise.race([folder.link, ended, late]);
  clearTimeout(timer);
  if (typeof first !== "string")
    return "line" in first ? { ...first, stream: undefined } : { stream: first, line: undefined };
  const wrote = container.earlyOutput;
  throw new Error(`the container ${first}${wrote === "" ? "" : `: ${wrote}`}`);
}

/** What is in the folder of an instance of a runtime. */
export function foldersOf(folder: string): { code: string; door: string; resolver: string } {
  return { code: join(folder, "code"), door: join(folder, "door"), resolver: join(folder, "resolv.conf") };
}

function makeFolders(folders: ReturnType<typeof foldersOf>, door: boolean): void {
  mkdirSync(folders.code);
  mkdirSync(folders.door);
  chmodSync(folders.code, 0o755);
  // The bootstrap makes its door as user 1003, before any code of a user runs; then the folder is sealed.
  chmodSync(folders.door, door ? 0o777 : 0o755);
}

/** @throws Error for a file system that is not there */
function mountPlans({ fileSystems }: Ground, mounts: MountsSpec | undefined): MountPlan[] {
  return (mounts?.mounts ?? []).map(({ fileSystemId, path }) => {
    const source = fileSystems.get(fileSystemId);
    if (source === undefined) throw new Error(`the file system ${fileSystemId} is not there`);
    return { source, path };
  });
}

/** @param own who it is where the mounts say nothing. Default: as everywhere */
function userOf(mounts: MountsSpec | undefined, own: EngineUser = EVERYBODY): EngineUser {
  const { userId = -1, groupId = -1 } = mounts ?? {};
  return { uid: userId === -1 ? own.uid : userId, gid: groupId === -1 ? own.gid : groupId };
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
