// One life of a queue in which one request ends the process; it ends well when nothing waits or runs any more.
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { openLife } from "./queue-life.ts";
import { createFunction, HELLO, request, until } from "./support.ts";

const [dataDir = "", ledgerFile = "", database = "", ...accepts] = process.argv.slice(2);
const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
const TOLD = { ...HELLO, name: "told" };

/** Waits are so many times as short here; the shortest begin when the queue does, more or less. */
const FASTER = 300;
const START_MS = 300;

/** Puts back what the killed life left, with short waits. */
async function recover(): Promise<void> {
  const { store, close } = await openLife(dataDir, database);
  await store.asyncRequests.recover();
  await until(() => store.asyncRequests.count("running") === 0);
  await close();
  const now = Date.now();
  const set = `SET due_at = ${now + START_MS} + (due_at - ${now}) / ${FASTER} WHERE due_at > ${now}`;
  if (database === "") {
    using db = new DatabaseSync(join(dataDir, "store.db"));
    db.exec(`UPDATE async_queue ${set}`);
    return;
  }
  const client = new Client({ connectionString: database });
  await client.connect();
  await client.query(`UPDATE fungraph.requests ${set}`);
  await client.end();
}

await recover();
const ledger = openSync(ledgerFile, "a");
const { store, close } = await openLife(dataDir, database);
if (store.functions.find(HELLO) === undefined) {
  createFunction(store);
  createFunction(store, TOLD);
  store.asyncConfigs.put(HELLO, "latest", {
    maxRetries: 0,
    maxAgeSeconds: 3600,
    statusLog: true,
    onFailure: { kind: "function", key: TOLD, qualifier: "latest", param: "" },
  });
}
const queue = new DurableQueue({
  store,
  invoker: {
    async invoke({ key, requestId, event }) {
      // What is in the ledger has run, whatever becomes of this process.
      writeSync(ledger, `${JSON.stringify({ name: key.name, id: requestId, event: event.toString() })}\n`);
      await new Promise((resolve) => setTimeout(resolve, requestId === "poison" ? 1 : 3));
      if (requestId === "poison") process.kill(process.pid, "SIGKILL");
      return SUCCESS;
    },
    cancel: () => undefined,
  },
});
await queue.start();
if (accepts.length > 0) await queue.accept(accepts.map((id) => request(id)));
await until(() => store.asyncRequests.count("waiting") + store.asyncRequests.count("running") === 0);
await queue.close(1000);
await close();
