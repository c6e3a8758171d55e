import type { StatementSync } from "node:sqlite";

import type { VpcEndpoint, VpcEndpointStore } from "../vpc-endpoints.ts";
import type { Database } from "./database.ts";

/** Entries from private networks. */
export class SqliteVpcEndpoints implements VpcEndpointStore {
  readonly #db: Database;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(
      "INSERT INTO vpc_endpoints (project, vpc, subnet) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    );
    this.#delete = db.prepare("DELETE FROM vpc_endpoints WHERE project = ? AND vpc = ? AND subnet = ?");
  }

  put({ projectId, vpcId, subnetId }: VpcEndpoint): void {
    this.#db.transact(() => this.#insert.run(projectId, vpcId, subnetId));
  }

  delete({ projectId, vpcId, subnetId }: VpcEndpoint): boolean {
    return this.#db.transact(() => this.#delete.run(projectId, vpcId, subnetId)).changes > 0;
  }
}
