import { LIMITS } from "../../../model/limits.ts";
import type { NfsExport } from "../../../model/file-system.ts";
import type { ImageRequest } from "../driver.ts";

/** What ties a container to the platform that made it: `recover` finds orphans by these. */
export const LABEL = {
  /** The stack that declares the platform, where one does; `pulumi destroy` removes whatever bears it. */
  stack: "fungraph.stack",
  /** Folder that only one platform uses, as a hash. */
  home: "fungraph.home",
  /** Name of one run of the platform, as `ownerName` makes it, with a suffix of its own. */
  owner: "fungraph.owner",
  instance: "fungraph.instance",
  /** Of the network and the gateway of a VPC: its id. They outlive the process that made them. */
  vpc: "fungraph.vpc",
  /** Of the network that the gateway of a VPC leaves by: the id of the VPC. */
  egress: "fungraph.egress",
  /** Of the gateway of a VPC: what it was made for, as a hash. */
  gateway: "fungraph.gateway",
} as const;

/** Where things are inside a container. */
export const INSIDE = {
  code: "/opt/function/code",
  /** The fonts of FAQ 3.8. */
  fonts: "/usr/share/fonts/opentype/noto",
  /** The link's socket, and the door of an HTTP runtime (runtime-images/PROTOCOL.md). */
  door: "/run/function",
  resolver: "/etc/resolv.conf",
} as const;

/** A short period, so that a small share of a processor means short waits. */
const CPU_PERIOD_MICROS = 20_000;

/** Whom a container runs as. */
export interface EngineUser {
  readonly uid: number;
  readonly gid: number;
}

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

/** Where a container is on the network. */
export interface NetworkSpot {
  readonly network: string;
  /** In a VPC: its own address, and where names are asked for. */
  readonly address?: string;
  readonly resolver?: string;
}

/** A file system where a container sees it. */
export interface MountPlan {
  /** A folder as the engine sees it, or an export of an NFS server. */
  readonly source: string | NfsExport;
  readonly path: string;
}

/** What both kinds of containers have in common. */
interface Common {
  readonly labels: Readonly<Record<string, string>>;
  readonly spot: NetworkSpot;
  readonly mounts: readonly MountPlan[];
  /** Id or reference of the image. */
  readonly image: string;
}

/** The engine's description of a container with a generic instance of a runtime. */
export function renderRuntimeContainer(
  given: Common & {
    readonly environment: Readonly<Record<string, string>>;
    readonly user: EngineUser;
    /** Folders of this instance, as the engine sees them, and its file that says where names are asked for. */
    readonly codeFolder: string;
    readonly doorFolder: string;
    readonly resolverFile: string;
    readonly doorWritable: boolean;
    /** Volume with the fonts; undefined where there is none. */
    readonly fonts: string | undefined;
    /** Volume with what was prepared for the image, and its place; undefined where there is none. */
    readonly prepared: { readonly volume: string; readonly folder: string } | undefined;
  },
): object {
  const { codeFolder, doorFolder, doorWritable, fonts, prepared, user } = given;
  return {
    Image: given.image,
    User: `${user.uid}:${user.gid}`,
    Env: environmentList(given.environment),
    ...common(given),
    HostConfig: {
      ...confinement(given.spot, user),
      Mounts: [
        bind(codeFolder, INSIDE.code, true),
        // A socket needs no writable folder to connect to; to be made it does.
        bind(doorFolder, INSIDE.door, !doorWritable),
        bind(given.resolverFile, INSIDE.resolver, true),
        ...(fonts === undefined ? [] : [readOnlyVolume(fonts, INSIDE.fonts)]),
        ...(prepared === undefined ? [] : [readOnlyVolume(prepared.volume, prepared.folder)]),
        ...given.mounts.map(fileSystem),
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
      ...confinement(given.spot, request),
      ...renderLimits(request, given.temporaryApart),
      // The file that says where names are asked for is the engine's own here, and nobody moves the container later.
      ...(given.spot.resolver !== undefined && { Dns: [given.spot.resolver] }),
      Mounts: given.mounts.map(fileSystem),
    },
  };
}

function common({ labels, spot: { network, address } }: Common): object {
  const place = address !== undefined && { IPAMConfig: { IPv4Address: address } };
  return {
    ...(place && { NetworkingConfig: { EndpointsConfig: { [network]: place } } }),
    Hostname: "function",
    Labels: labels,
    AttachStdout: true,
    AttachStderr: true,
    Healthcheck: { Test: ["NONE"] },
  };
}

/** All that keeps an instance in its place, whatever runs in it. */
function confinement({ network }: NetworkSpot, { uid, gid }: EngineUser): object {
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

/** A share is a folder of the platform; what a server exports is a volume of the container's own, which is gone with it. */
function fileSystem({ source, path }: MountPlan): object {
  if (typeof source === "string") return bind(source, path, false);
  const Options = { type: "nfs", o: `addr=${source.server},rw,soft,timeo=100`, device: `:${source.path}` };
  const VolumeOptions = { NoCopy: true, DriverConfig: { Name: "local", Options } };
  return { Type: "volume", Target: path, VolumeOptions };
}

function readOnlyVolume(volume: string, target: string): object {
  return { Type: "volume", Source: volume, Target: target, ReadOnly: true, VolumeOptions: { NoCopy: true } };
}

function environmentList(environment: Readonly<Record<string, string>>): string[] {
  return Object.entries(environment).map(([key, value]) => `${key}=${value}`);
}
