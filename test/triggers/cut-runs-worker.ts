// One life of a queue in which one request ends the process; it ends well when nothing waits or runs any more.
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { openLife, type LifeStore } from "./queue-life.ts";
import { createFunction, HELLO, request, until } from "./support.ts";

const [dataDir = "", ledgerFile = "", database = "", ...accepts] = process.argv.slice(2);
const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
const TOLD = { ...HELLO, name: "told" };

/** Waits are so many times as short here. */
const FASTER = 60;

/** A request that waits, and for how long yet (ms). */
interface Waiting {
  readonly id: string;
  readonly wait: number;
}

/** Puts back what the killed life left; answers what does not begin at once, and the short waits of it. */
async function recovered(): Promise<Waiting[]> {
  const now = Date.now();
  const { store: before, close: done } = await openLife(dataDir, database);
  await before.asyncRequests.recover();
  await until(() => before.asyncRequests.count("running") === 0);
  await done();
  const rows = await query<{ id: string; due: number | string }>(
    `SELECT id, due_at AS due FROM ${TABLE} WHERE due_at > ${now}`,
  );
  return rows.map(({ id, due }) => ({ id, wait: (Number(due) - now) / FASTER }));
}

/** Opens the store so that the waits begin when it is open, however long that takes. */
async function openAt(waiting: readonly Waiting[], startMs = 400): Promise<LifeStore> {
  const start = Date.now() + startMs;
  const cases = waiting.map(({ id, wait }) => `WHEN id = '${id}' THEN ${Math.ceil(start + wait)}`);
  if (cases.length > 0) await query(`UPDATE ${TABLE} SET due_at = CASE ${cases.join(" ")} ELSE due_at END`);
  const life = await openLife(dataDir, database);
  if (waiting.length === 0 || Date.now() < start) return life;
  await life.close();
  return await openAt(waiting, 2 * startMs);
}

const TABLE = database === "" ? "async_queue" : "fungraph.requests";

async function query<Row>(text: string): Promise<Row[]> {
  if (database === "") {
    using db = new DatabaseSync(join(dataDir, "store.db"));
    return db.prepare(text).all() as Row[];
  }
  const client = new Client({ connectionString: database });
  await client.connect();
  const { rows } = await client.query<Row & Record<string, unknown>>(text);
  await client.end();
  return rows;
}

const ledger = openSync(ledgerFile, "a");
const { store, close } = await openAt(await recovered());
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
