import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normalizeFunction } from "../../model/function.ts";
import type { TriggerStatus } from "../../model/trigger.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import type { NewAsyncRequest } from "../../platform/store/async-requests.ts";
import type { FunctionKey } from "../../platform/store/function-key.ts";
import type { Store } from "../../platform/store/store.ts";
import type { TriggerRecord } from "../../platform/store/triggers.ts";

export const HELLO: FunctionKey = { projectId: "project", package: "default", name: "hello" };

/** A store in a folder of its own, gone with the scope. */
export type TemporaryStore = Store & AsyncDisposable & { readonly dataDir: string; reopen(): Promise<Store> };

/** The store that remembers everything in the folder. */
export async function temporaryStore(): Promise<TemporaryStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "fungraph-triggers-"));
  let store = await openStore(dataDir);
  return {
    ...store,
    dataDir,
    async reopen() {
      store.close();
      store = await openStore(dataDir);
      return store;
    },
    async [Symbol.asyncDispose]() {
      store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function createFunction(store: Store, key: FunctionKey = HELLO): void {
  const spec = normalizeFunction({ name: key.name, runtime: "Node.js20.15", handler: "index.handler" });
  store.functions.create({ key, spec, code: { type: "zip", size: 1, digest: "00", filename: "index.zip" } });
}

export function createTimer(
  store: Store,
  schedule: string,
  more: { status?: TriggerStatus; type?: "Rate" | "Cron"; qualifier?: string } = {},
): TriggerRecord {
  return store.triggers.create(HELLO, more.qualifier ?? "latest", {
    type: "TIMER",
    status: more.status ?? "ACTIVE",
    eventData: { name: "tick", schedule_type: more.type ?? "Cron", schedule, user_event: "extra text" },
  });
}

export function request(id: string, key: FunctionKey = HELLO): NewAsyncRequest {
  const now = Date.now();
  return { id, key, qualifier: "latest", event: Buffer.from(`{"id":"${id}"}`), acceptedAt: now, dueAt: now };
}

/** Waits until the condition holds; the test's own time limit ends the wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
