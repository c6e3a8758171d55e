import type { Store } from "../../platform/store/store.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { openRequests, ownServer } from "../support/requests.ts";
import { temporaryStore, type TemporaryStore } from "./support.ts";

/** The same, with its asynchronous requests in PostgreSQL. */
async function storeOverPostgres(): Promise<TemporaryStore> {
  const url = (await ownServer()).database();
  const base = await temporaryStore();
  let open = await openRequests(url);
  const withRequests = (store: Store): Store => ({ ...store, asyncRequests: open.requests });
  return {
    ...withRequests(base),
    dataDir: base.dataDir,
    async reopen() {
      await open.close();
      open = await openRequests(url);
      return withRequests(await base.reopen());
    },
    async [Symbol.asyncDispose]() {
      await open.close();
      await base[Symbol.asyncDispose]();
    },
  };
}

/** Both kinds of stores; the second one only where PostgreSQL is. */
export const STORES: readonly { readonly kind: string; readonly open: () => Promise<TemporaryStore> }[] = [
  { kind: "SQLite", open: temporaryStore },
  ...(POSTGRES_HERE ? [{ kind: "PostgreSQL", open: storeOverPostgres }] : []),
];
