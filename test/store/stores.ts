import { openStore } from "../../platform/store/sqlite/open.ts";
import type { Store } from "../../platform/store/store.ts";
import { POSTGRES_HERE } from "../support/postgres.ts";
import { ownServer } from "../support/requests.ts";
import { TemporaryFolder } from "./fixtures.ts";
import { keyFileIn, StoreMember } from "./shared-store.ts";

/** A store that may be changed, gone with the scope. */
export interface OpenStore extends AsyncDisposable {
  readonly store: Store;
  /** Ends the store, as its process would, and opens what it kept. */
  reopen(): Promise<Store>;
}

async function openEmbedded(): Promise<OpenStore> {
  const folder = new TemporaryFolder();
  let store = await openStore(folder.path);
  return {
    get store() {
      return store;
    },
    reopen: async () => {
      store.close();
      return (store = await openStore(folder.path));
    },
    [Symbol.asyncDispose]: async () => {
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

/** The store of the process that leads. */
async function openLeader(): Promise<OpenStore> {
  const folder = new TemporaryFolder();
  const url = (await ownServer()).database();
  const key = keyFileIn(folder.path);
  let member = await StoreMember.lead(url, key);
  return {
    get store() {
      return member.store;
    },
    reopen: async () => {
      await member.store.settled();
      await member[Symbol.asyncDispose]();
      member = await StoreMember.lead(url, key);
      return member.store;
    },
    [Symbol.asyncDispose]: async () => {
      await member.store.settled();
      await member[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** Every kind of store; the contract of `Store` holds for each. Over PostgreSQL only where it is installed. */
export const STORES: readonly { readonly kind: string; readonly open: () => Promise<OpenStore> }[] = [
  { kind: "SQLite", open: openEmbedded },
  ...(POSTGRES_HERE ? [{ kind: "PostgreSQL", open: openLeader }] : []),
];
