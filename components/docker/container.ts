import * as pulumi from "@pulumi/pulumi";
import type { PlatformArgs } from "../platform.ts";

/** What a platform has that says nothing else. */
export const USUAL = { address: "127.0.0.1", port: 8420, memoryMb: 1024 } as const;

/** Where the platform keeps everything, inside its container. */
const DATA_FOLDER = "/var/lib/fungraph";
const SOCKET = "/var/run/docker.sock";
/** Longer than the platform gives requests that run when it is stopped. */
const STOP_SECONDS = 60;

/** Of root's powers only these: firewall rules, and the view of instances and their files, which belong to other users. */
const POWERS = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_FOWNER",
  "CAP_NET_ADMIN",
  "CAP_NET_RAW",
  "CAP_SYS_PTRACE",
];

/** What the container stands on. */
interface Ground {
  readonly scope: string;
  readonly labels: { label: string; value: string }[];
  readonly image: pulumi.Output<string>;
  /** Path of the engine's socket on its machine. */
  readonly socket: pulumi.Output<string>;
  /** Name of the volume. */
  readonly data: pulumi.Output<string>;
}

/**
 * Arguments of the platform's container, as @pulumi/docker takes them. Lists are sorted: the same settings make the same bytes. The name is
 * left to Pulumi: one that an interrupted run has left behind does not stand in the way, and the new platform removes it.
 */
export function containerArgs(args: PlatformArgs, { scope, labels, image, socket, data }: Ground) {
  return {
    image,
    envs: environmentOf(args, scope),
    labels: [{ label: "fungraph.part", value: "platform" }, ...labels],
    memory: args.memoryMb ?? USUAL.memoryMb,
    // Swap is the machine's affair; a bound on it would have to change with the memory.
    memorySwap: -1,
    ...(args.cpus === undefined ? {} : { cpus: pulumi.output(args.cpus).apply(String) }),
    // Instances have a network without traffic between containers; only their machine reaches them all.
    networkMode: "host",
    // The memory of instances is measured where their processes can be seen.
    pidMode: "host",
    volumes: [
      { containerPath: DATA_FOLDER, volumeName: data },
      { containerPath: SOCKET, hostPath: socket },
    ],
    readOnly: true,
    tmpfs: { "/tmp": "size=64m", "/run": "size=1m" },
    capabilities: { adds: POWERS, drops: ["ALL"] },
    securityOpts: ["no-new-privileges"],
    init: true,
    restart: "unless-stopped",
    // One that somebody has stopped is still the platform.
    mustRun: false,
    healthcheck: {
      tests: ["CMD", "node", "/opt/fungraph/health.js"],
      interval: "10s",
      timeout: "5s",
      startPeriod: "30s",
      retries: 3,
    },
    logDriver: "json-file",
    logOpts: { "max-file": "3", "max-size": "10m" },
    stopTimeout: STOP_SECONDS,
    destroyGraceSeconds: STOP_SECONDS,
  };
}

/** Settings of the program in the container (platform/image/settings.ts), sorted by name. None of them is a secret. */
function environmentOf(args: PlatformArgs, scope: string): pulumi.Output<string[]> {
  const { address = USUAL.address, port = USUAL.port } = args;
  const settings = pulumi.output({
    FUNGRAPH_HOST: address,
    FUNGRAPH_IDLE_SECONDS: args.idleSeconds,
    FUNGRAPH_IMAGES: scope,
    FUNGRAPH_POOL_SIZE: args.poolSize,
    FUNGRAPH_PORT: port,
    FUNGRAPH_PUBLIC_URL: args.publicUrl,
    FUNGRAPH_REGION: args.region,
    FUNGRAPH_STACK: scope,
    FUNGRAPH_TIME_ZONE: args.timeZone,
  });
  return settings.apply((known) =>
    Object.entries(known).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  );
}
