import type { QueuePeer } from "../peer.ts";
import { startQueue } from "../queue-server.ts";
import { startPostgres } from "./postgres.ts";

/** A queue in PostgreSQL. */
export const graphileWorker: QueuePeer = {
  name: "graphile-worker, PostgreSQL",
  start: async () => startQueue("graphile-worker", await startPostgres()),
};
