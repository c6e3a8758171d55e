/** An entry to the functions of a project from one subnet of a private network. */
export interface VpcEndpoint {
  readonly projectId: string;
  readonly vpcId: string;
  readonly subnetId: string;
}

/** Entries from private networks. */
export interface VpcEndpointStore {
  /** Makes the entry; one that is there already stays. */
  put(endpoint: VpcEndpoint): void;
  /** False when there is none. */
  delete(endpoint: VpcEndpoint): boolean;
}
