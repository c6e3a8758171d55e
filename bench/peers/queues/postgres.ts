import { POSTGRES_HERE, TemporaryPostgres } from "../../../test/support/postgres.ts";
import { canPin } from "../../server.ts";
import { MissingPeer } from "../peer.ts";
import type { JobStore } from "../queue-server.ts";

/** A PostgreSQL of its own on core 0, in a temporary folder and on a Unix socket; each commit is on the disk. */
export async function startPostgres(): Promise<JobStore> {
  if (!POSTGRES_HERE) throw new MissingPeer("it needs Debian's package postgresql");
  const server = await TemporaryPostgres.start(canPin ? ["taskset", "-c", "0"] : []);
  return {
    url: server.database(),
    pid: server.pid,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
