import type { VpcPlan } from "../../surroundings.ts";
import { ownAddresses } from "./addresses.ts";

/** Of the gateway's container; it has little to do. */
const MEMORY_BYTES = 128 * 1024 * 1024;
const PROCESSES = 64;
const CONFIG = "/etc/vpc";
const LOG_BYTES = 65_536;

/** The network between one gateway and the machine. */
export interface Egress {
  readonly name: string;
  /** The machine's address in it. */
  readonly gateway: string;
  readonly range: string;
}

/** What a gateway's container is made of. */
export interface GatewayGround {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The VPC's network. */
  readonly network: string;
  /** Folder with the zones, as the engine sees it. */
  readonly folder: string;
  /** Undefined: there is no way out. */
  readonly egress: Egress | undefined;
}

/** The engine's description of a VPC's network. Its way out is an address that the gateway has, when there is one, and nobody else. */
export function renderVpcNetwork(
  { range }: Pick<VpcPlan, "range">,
  given: {
    readonly name: string;
    readonly bridge: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): object {
  const { bridge, gateway } = ownAddresses(range);
  return {
    Name: given.name,
    CheckDuplicate: true,
    Driver: "bridge",
    Labels: given.labels,
    IPAM: {
      Config: [{ Subnet: range, Gateway: bridge, AuxiliaryAddresses: { DefaultGatewayIPv4: gateway } }],
    },
    Options: {
      "com.docker.network.bridge.name": given.bridge,
      "com.docker.network.bridge.enable_ip_masquerade": "false",
    },
  };
}

/** The engine's description of the network that a gateway leaves by. @param address that the world sees; undefined: the machine's */
export function renderEgress(
  address: string | undefined,
  given: {
    readonly name: string;
    readonly bridge: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): object {
  return {
    Name: given.name,
    CheckDuplicate: true,
    Driver: "bridge",
    Labels: given.labels,
    Options: {
      "com.docker.network.bridge.name": given.bridge,
      "com.docker.network.bridge.enable_icc": "false",
      ...(address !== undefined && { "com.docker.network.host_ipv4": address }),
    },
  };
}

/** The engine's description of a gateway. It holds no code of anybody, and may change the rules and addresses of its own network. */
export function renderGateway({ range }: Pick<VpcPlan, "range">, ground: GatewayGround): object {
  const { bridge, gateway, router } = ownAddresses(range);
  const { egress } = ground;
  return {
    Image: ground.image,
    Hostname: "gateway",
    Labels: ground.labels,
    AttachStdout: true,
    AttachStderr: true,
    Env: [
      `VPC_ADDRESS=${gateway}/${range.split("/")[1] ?? ""}`,
      `VPC_NEIGHBOUR=${bridge}`,
      `VPC_RANGE=${range}`,
      `EGRESS_GATEWAY=${egress?.gateway ?? ""}`,
      `EGRESS_RANGE=${egress?.range ?? ""}`,
    ],
    NetworkingConfig: { EndpointsConfig: { [ground.network]: { IPAMConfig: { IPv4Address: router } } } },
    HostConfig: {
      NetworkMode: ground.network,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      // The name server takes its port, becomes nobody, and is told of changed zones.
      CapAdd: ["NET_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "SETUID", "SETGID", "KILL"],
      SecurityOpt: ["no-new-privileges"],
      Sysctls: { "net.ipv4.ip_forward": "1" },
      Memory: MEMORY_BYTES,
      MemorySwap: MEMORY_BYTES,
      PidsLimit: PROCESSES,
      Tmpfs: { "/run": `size=${LOG_BYTES}`, "/var/run": `size=${LOG_BYTES}` },
      Mounts: [{ Type: "bind", Source: ground.folder, Target: CONFIG, ReadOnly: true }],
      LogConfig: { Type: "none" },
      // A function waits for it; the engine is the first to know that it ended.
      RestartPolicy: { Name: "always" },
    },
  };
}
