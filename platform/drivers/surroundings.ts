import type { NfsExport } from "../../model/file-system.ts";
import type { SubnetSpec, VpcSpec } from "../../model/vpc.ts";

/** A declared VPC, and the way out that it has. */
export interface VpcPlan extends Omit<VpcSpec, "subnets"> {
  readonly id: string;
  readonly subnets: readonly (SubnetSpec & { readonly id: string })[];
  /** Left out: nothing leaves it. */
  readonly nat?: {
    /** An address of the machine; left out: the one that all functions share. */
    readonly address?: string;
  };
}

/** A declared file system. */
export interface FileSystemPlan {
  readonly id: string;
  /** A folder of the platform, or an export of an NFS server. */
  readonly source: string | NfsExport;
}

/** What functions are placed in, beside themselves. */
export interface Surroundings {
  readonly vpcs: readonly VpcPlan[];
  readonly fileSystems: readonly FileSystemPlan[];
}

/** A place in a VPC. */
export interface NetworkPlace {
  readonly vpcId: string;
  readonly subnetId: string;
}

/** Some VPCs of what is declared could not be made, each with its reason; the rest is in force. */
export class UnmadeError extends Error {
  override readonly name = "UnmadeError";
  /** Sentences by the id of the VPC. */
  readonly reasons: ReadonlyMap<string, string>;
  constructor(reasons: ReadonlyMap<string, string>) {
    super([...new Set(reasons.values())].join(" "));
    this.reasons = reasons;
  }
}

/** What is there of what is declared: a VPC that could not be made is as it was, or is not there. */
export function inForce(
  declared: Surroundings,
  before: readonly VpcPlan[],
  { reasons }: Pick<UnmadeError, "reasons">,
): Surroundings {
  const vpcs = declared.vpcs.flatMap((plan) =>
    reasons.has(plan.id) ? before.filter(({ id }) => id === plan.id) : [plan],
  );
  return { ...declared, vpcs };
}

/**
 * Keeps the networks of VPCs that several drivers of one platform place instances in. What is there the engine tells, so any keeper goes on
 * where another one was killed; while one works no other may.
 */
export interface VpcKeeper {
  /** Names the engine that it works on; one that several processes use has the same name in all. */
  readonly engine: string;
  /** Makes, changes and removes what it takes. Rejects with UnmadeError. */
  keep(vpcs: readonly VpcPlan[]): Promise<void>;
  close(): void;
}
