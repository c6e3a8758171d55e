import type { Engine } from "../engine.ts";
import type { HostPaths } from "../host-paths.ts";
import type { Images } from "../images.ts";

/** What the VPCs of one platform stand on. */
export interface VpcGround {
  readonly engine: Engine;
  readonly images: Images;
  readonly paths: HostPaths;
  /** Folder for what gateways read, the same in every process that keeps these VPCs. */
  readonly folder: string;
  /** Whose they are: the platform's folder, or a platform of several processes. */
  readonly home: string;
  /** Label of the stack that declares the platform, where one does. */
  readonly stack: string | undefined;
}

/** What the engine has of one VPC. */
export interface VpcRemains {
  readonly network: RemainingNetwork | undefined;
  /** What its gateway leaves by. */
  readonly egress: RemainingNetwork | undefined;
  /** Gateways; more than one where somebody was killed while it made one. */
  readonly containers: readonly RemainingContainer[];
}

/** As the engine lists networks. */
export interface RemainingNetwork {
  readonly Labels: Readonly<Record<string, string>>;
  readonly IPAM: {
    readonly Config: readonly { readonly Subnet: string; readonly Gateway?: string }[] | null;
  };
}

/** As the engine lists containers. */
export interface RemainingContainer {
  readonly Id: string;
  readonly ImageID: string;
  readonly State: string;
  readonly Labels: Readonly<Record<string, string>>;
}
