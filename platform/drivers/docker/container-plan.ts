import { LIMITS } from "../../../model/limits.ts";
import type { ImageRequest } from "../driver.ts";

/** What ties a container to the platform that made it: `recover` finds orphans by these. */
export const LABEL = {
  /** Folder that only one platform uses, as a hash. */
  /** The stack that declares the platform, where one does; `pulumi destroy` removes whatever bears it. */
  stack: "fungraph.stack",
  home: "fungraph.home",
  /** Name of one run of the platform, as `ownerName` makes it, with a suffix of its own. */
  owner: "fungraph.owner",
  instance: "fungraph.instance",
} as const;

/** Where things are inside a container. */
export const INSIDE = {
  code: "/opt/function/code",
  /** The fonts of FAQ 3.8. */
  fonts: "/usr/share/fonts/opentype/noto",
  /** The link's socket, and the door of an HTTP runtime (runtime-images/PROTOCOL.md). */
  door: "/run/function",
} as const;

/** A short period, so that a small share of a processor means short waits. */
const CPU_PERIOD_MICROS = 20_000;
const USER = 1003;
const MB = 1024 * 1024;

/** Limits as the engine takes them, at `create` and at `update`. */
export interface EngineLimits {
  readonly Memory: number;
  readonly MemorySwap: number;
  readonly CpuPeriod: number;
  readonly CpuQuota: number;
}

/** @param temporaryApart true when the files of /tmp do not count as memory of the function: then the kernel's line leaves room for them */
export function renderLimits(
  { memoryMb, cpuMillicores }: { readonly memoryMb: number; readonly cpuMillicores: number },
  temporaryApart: boolean,
): EngineLimits {
  const bytes = memoryMb * MB + (temporaryApart ? LIMITS.temporaryBytes : 0);
  // Memory and swap together as large as memory alone: no swap.
  return {
    Memory: bytes,
    MemorySwap: bytes,
    CpuPeriod: CPU_PERIOD_MICROS,
    CpuQuota: (CPU_PERIOD_MICROS * cpuMillicores) / 1000,
  };
}

/** What both kinds of containers have in common. */
interface Common {
  readonly labels: Readonly<Record<string, string>>;
  readonly network: string;
  /** Id or reference of the image. */
  readonly image: string;
}

/** The engine's description of a container with a generic instance of a runtime. */
export function renderRuntimeContainer(
  given: Common & {
    readonly environment: Readonly<Record<string, string>>;
    /** Folders of this instance, as the engine sees them. */
    readonly codeFolder: string;
    readonly doorFolder: string;
    readonly doorWritable: boolean;
    /** Volume with the fonts; undefined where there is none. */
    readonly fonts: string | undefined;
  },
): object {
  const { codeFolder, doorFolder, doorWritable, fonts } = given;
  return {
    Image: given.image,
    User: `${USER}:${USER}`,
    Env: environmentList(given.environment),
    ...common(given),
    HostConfig: {
      ...confinement(given.network, { uid: USER, gid: USER }),
      Mounts: [
        bind(codeFolder, INSIDE.code, true),
        // A socket needs no writable folder to connect to; to be made it does.
        bind(doorFolder, INSIDE.door, !doorWritable),
        ...(fonts === undefined ? [] : [readOnlyVolume(fonts, INSIDE.fonts)]),
      ],
    },
  };
}

/** The engine's description of a container of a user's own image (guide 3.2.4). */
export function renderImageContainer(
  given: Common & { readonly request: ImageRequest; readonly temporaryApart: boolean },
): object {
  const { request } = given;
  return {
    Image: given.image,
    User: `${request.uid}:${request.gid}`,
    Env: environmentList(request.environment),
    ...(request.command.length > 0 && { Entrypoint: request.command }),
    ...(request.args.length > 0 && { Cmd: request.args }),
    ...(request.workingDir !== "" && { WorkingDir: request.workingDir }),
    ...common(given),
    HostConfig: {
      ...confinement(given.network, request),
      ...renderLimits(request, given.temporaryApart),
    },
  };
}

function common({ labels }: Common): object {
  return {
    Hostname: "function",
    Labels: labels,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ["NONE"] },
  };
}

/** All that keeps an instance in its place, whatever runs in it. */
function confinement(network: string, { uid, gid }: { readonly uid: number; readonly gid: number }): object {
  const owned = `uid=${uid},gid=${gid},mode=0700,nosuid,nodev`;
  return {
    NetworkMode: network,
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    PidsLimit: LIMITS.processes,
    Ulimits: [
      { Name: "nofile", Soft: LIMITS.fileDescriptors, Hard: LIMITS.fileDescriptors },
      { Name: "core", Soft: 0, Hard: 0 },
    ],
    Tmpfs: {
      "/tmp": `${owned},exec,size=${LIMITS.temporaryBytes}`,
      "/home/snuser/log": `${owned},noexec,size=${16 * MB}`,
    },
    // When the machine's memory runs out, the kernel takes these before the platform.
    OomScoreAdj: 500,
    // Reaps orphans, and makes signals of the code to itself work as they do outside.
    Init: true,
    IpcMode: "private",
    // Output is read as it comes; a copy on disk would grow without bound.
    LogConfig: { Type: "none" },
    RestartPolicy: { Name: "no" },
  };
}

/** How mounts spread is left to the engine, which wants it otherwise on its own volumes, where a platform in a container keeps its data. */
function bind(source: string, target: string, readOnly: boolean): object {
  return { Type: "bind", Source: source, Target: target, ReadOnly: readOnly };
}

function readOnlyVolume(volume: string, target: string): object {
  return { Type: "volume", Source: volume, Target: target, ReadOnly: true, VolumeOptions: { NoCopy: true } };
}

function environmentList(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([key, value]) => `${key}=${value}`);
}
