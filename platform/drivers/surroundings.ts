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
