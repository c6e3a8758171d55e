import type { QueuePeer } from "../peer.ts";
import { startQueue } from "../queue-server.ts";
import { startPostgres } from "./postgres.ts";

/** A queue in PostgreSQL. */
export const pgBoss: QueuePeer = {
  name: "pg-boss, PostgreSQL",
  start: async () => startQueue("pg-boss", await startPostgres()),
};
