import type { FileSystemSpec } from "../../model/file-system.ts";
import type { NatGatewaySpec } from "../../model/nat-gateway.ts";
import type { VpcSpec } from "../../model/vpc.ts";

/** What functions are placed in, by kind. */
export interface FacilitySpecs {
  readonly vpc: VpcSpec;
  readonly "nat-gateway": NatGatewaySpec;
  readonly "file-system": FileSystemSpec;
}

export type FacilityKind = keyof FacilitySpecs;

/** One of them; its name is unique among those of its kind in a project. */
export interface Facility<Kind extends FacilityKind = FacilityKind> {
  readonly id: string;
  readonly projectId: string;
  readonly spec: FacilitySpecs[Kind];
}

/** VPCs, NAT gateways and file systems. */
export interface FacilityStore {
  /** Of all projects, sorted by name. */
  all<Kind extends FacilityKind>(kind: Kind): Facility<Kind>[];
  find<Kind extends FacilityKind>(kind: Kind, id: string): Facility<Kind> | undefined;
  /** Creates it, or replaces the one of that id. Throws ConflictError for a taken name. */
  put<Kind extends FacilityKind>(kind: Kind, facility: Facility<Kind>): void;
  delete(kind: FacilityKind, id: string): void;
  /** Versions of functions that name the id of a VPC, of a subnet or of a file system: `shop:latest`; some of them when they are many. */
  users(id: string): string[];
}
