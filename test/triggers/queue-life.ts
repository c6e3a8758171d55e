import { Postgres } from "../../platform/cluster/connection.ts";
import { Members } from "../../platform/cluster/members.ts";
import { PostgresRequests } from "../../platform/store/postgres/requests.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { Store } from "../../platform/store/store.ts";

/** The store of a process that is to be killed. */
export interface LifeStore {
  readonly store: Store;
  /** Ends it well after all. */
  readonly close: () => Promise<void>;
}

/** Opens records in a folder; without a database the asynchronous requests lie there too. */
export async function openLife(dataDir: string, database: string): Promise<LifeStore> {
  const records = await openStore(dataDir);
  if (database === "") return { store: records, close: async () => records.close() };
  const postgres = await Postgres.open({ url: database, problem: console.error });
  const members = new Members(postgres, { role: "gateway", addresses: {} });
  const asyncRequests = new PostgresRequests({ postgres, members });
  await postgres.start();
  return {
    store: { ...records, asyncRequests },
    async close() {
      asyncRequests.close();
      await members.leave();
      await postgres.close();
      records.close();
    },
  };
}
