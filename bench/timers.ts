// Ten thousand timers of a thousand functions, each once an hour, over a real store. Prints the CPU they take as JSON.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { normalizeFunction } from "../model/function.ts";
import type { FunctionKey } from "../platform/store/function-key.ts";
import { openStore } from "../platform/store/sqlite/open.ts";
import { Timers } from "../platform/triggers/timers.ts";

const FUNCTIONS = 1000;
const TIMERS = 10;
const SETTLE_MS = 5000;
const SECONDS = Number(process.argv[2] ?? 10);

const folder = mkdtempSync(join(tmpdir(), "fungraph-bench-"));
const store = await openStore(folder);
for (let at = 0; at < FUNCTIONS; at++) {
  const key: FunctionKey = { projectId: "bench", package: "default", name: `timer-${at}` };
  const spec = normalizeFunction({ name: key.name, runtime: "Node.js20.15", handler: "index.handler" });
  store.functions.create({ key, spec, code: { type: "zip", size: 1, digest: "00", filename: "index.zip" } });
  for (let timer = 0; timer < TIMERS; timer++) {
    const second = (at * TIMERS + timer) % 3600;
    const schedule = `${second % 60} ${Math.floor(second / 60)} * * * ?`;
    const eventData = { name: `t${timer}`, schedule_type: "Cron" as const, schedule };
    store.triggers.create(key, "latest", { type: "TIMER", status: "ACTIVE", eventData });
  }
}
let fired = 0;
const queue = {
  accept(...[requests, fires]: Parameters<typeof store.asyncRequests.accept>) {
    fired += requests.length;
    return store.asyncRequests.accept(requests, fires);
  },
};
const timers = new Timers({ store, queue, timeZone: "Asia/Shanghai" });
await timers.start();
// What ten thousand registrations leave to clean up is not the timers'.
await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
const before = process.cpuUsage();
const began = performance.now();
await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
const { user, system } = process.cpuUsage(before);
const core = (user + system) / 1000 / (performance.now() - began);
timers.close();
store.close();
rmSync(folder, { recursive: true, force: true });
process.stdout.write(JSON.stringify({ core, fired }));
