// One life of a queue: accepts requests and runs them until it is killed; with "drain" it only runs what is left.
import { openSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { openLife } from "./queue-life.ts";
import { createFunction, HELLO, request } from "./support.ts";

/** Without a database the requests lie in the data folder with everything else. */
const [dataDir = "", ledgerFile = "", database = "", life = "", task = ""] = process.argv.slice(2);
/** Requests of one life. */
const MOST = 80;
const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
const FAILED: Outcome = { failure: "code", code: 4002, payload: Buffer.from("boom"), durationMs: 1 };

const ledger = openSync(ledgerFile, "a");
const { store, close } = await openLife(dataDir, database);
if (store.functions.find(HELLO) === undefined) {
  createFunction(store);
  store.asyncConfigs.put(HELLO, "latest", { maxRetries: 3, maxAgeSeconds: 3600, statusLog: true });
}
const queue = new DurableQueue({
  store,
  invoker: {
    async invoke({ requestId }) {
      if (Math.random() < 0.5) await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
      const failed = Math.random() < 0.1;
      // What is in the ledger has run, whatever becomes of this process.
      writeSync(ledger, `${life} ${requestId} ${failed ? "failed" : "ok"}\n`);
      return failed ? FAILED : SUCCESS;
    },
    cancel: () => undefined,
  },
  running: 8,
  retryMs: 2,
});
await queue.start();

if (task === "drain") {
  while (store.asyncRequests.count("waiting") + store.asyncRequests.count("running") > 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const page = { from: 0, to: Number.MAX_SAFE_INTEGER, offset: 0, limit: 1_000_000 };
  const of = async (status: "success" | "failed" | "waiting" | "running"): Promise<string[]> => {
    const found = await store.asyncRequests.records(HELLO, { ...page, statuses: [status] });
    return found.records.map(({ id }) => id);
  };
  const failures = await store.asyncRequests.records(HELLO, { ...page, statuses: ["failed"] });
  const cutOff = failures.records.filter(({ errorCode }) => errorCode !== FAILED.code).map(({ id }) => id);
  const left = [...(await of("waiting")), ...(await of("running"))];
  const ends = JSON.stringify({ success: await of("success"), failed: await of("failed"), left, cutOff });
  await queue.close(1000);
  await close();
  process.stdout.write(ends);
} else {
  for (let next = 0, count = 0; next < MOST; next += count) {
    await nextTurn();
    count = 1 + Math.floor(Math.random() * 8);
    const first = next;
    const ids = Array.from({ length: count }, (_, at) => `${life}-${first + at}`);
    await queue.accept(ids.map((id) => request(id)));
    // The caller has its 202.
    writeSync(1, `${ids.join("\n")}\n`);
  }
}
