// One gateway of several over one database: accepts requests and runs what it gets, until it is killed.
import { openSync, writeSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "../../platform/gateway/invoker.ts";
import { Members } from "../../platform/cluster/members.ts";
import { Postgres } from "../../platform/cluster/connection.ts";
import { PostgresRequests } from "../../platform/store/postgres/requests.ts";
import { openStore } from "../../platform/store/sqlite/open.ts";
import { DurableQueue } from "../../platform/triggers/async-queue.ts";
import { createFunction, request } from "./support.ts";

const [url = "", ledgerFile = "", name = "", most = "0"] = process.argv.slice(2);
const SUCCESS: Outcome = { failure: undefined, code: 0, payload: Buffer.from("ok"), durationMs: 1 };
/** Requests of one commit. */
const GROUP = 25;

const ledger = openSync(ledgerFile, "a");
const postgres = await Postgres.open({ url, problem: console.error });
const members = new Members(postgres, { role: "gateway", addresses: {} });
const asyncRequests = new PostgresRequests({ postgres, members });
await postgres.start();
const records = await openStore(await mkdtemp(join(tmpdir(), "fungraph-gateway-")));
createFunction(records);
const queue = new DurableQueue({
  store: { ...records, asyncRequests },
  invoker: {
    async invoke({ requestId }) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      // What is in the ledger has run, whatever becomes of this process.
      writeSync(ledger, `${name} ${requestId}\n`);
      return SUCCESS;
    },
    cancel: () => undefined,
  },
});
await queue.start();
for (let next = 0; next < Number(most); next += GROUP) {
  const ids = Array.from({ length: GROUP }, (_, at) => `${name}-${next + at}`);
  await queue.accept(ids.map((id) => request(id)));
  // The callers have their 202.
  writeSync(1, `${ids.join("\n")}\n`);
}
