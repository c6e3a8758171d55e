import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { treeCpuMs } from "../process-cpu.ts";
import { BODY } from "../rounds.ts";
import { pinned } from "../server.ts";
import { peerPackages } from "./packages.ts";
import type { QueueSample, QueueServer } from "./peer.ts";
import { end } from "./port-server.ts";

/** Where the jobs of a queue are kept. */
export interface JobStore extends AsyncDisposable {
  /** What the queue's program takes to find it. */
  readonly url: string;
  readonly pid: number;
}

const POLL_MS = 20;
/** A queue that ran nothing for so long has lost something. */
const STALLED_MS = 60_000;

/** What a worker says of itself. */
interface Progress {
  readonly count: number;
  /** Milliseconds since 1970 when the last job ended. */
  readonly lastAt: number;
}

/** What `queue-load.mjs` says. */
interface Accepted {
  readonly beganAt: number;
  readonly accepted: number;
  readonly perSecond: number;
  readonly p50Micros: number;
}

/** Starts the worker of `programs/queue-NAME.mjs` on core 0 beside its store, which ends with it; what sends jobs runs on core 1. */
export async function startQueue(name: string, store: JobStore): Promise<QueueServer> {
  await using stack = new AsyncDisposableStack();
  stack.use(store);
  const programs = join(peerPackages(), "programs");
  const [program, args] = pinned(0, [process.execPath, join(programs, "queue-worker.mjs"), name, store.url]);
  const worker = spawn(program, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  stack.defer(() => end(worker));
  const ended = once(worker, "exit").then(() => Promise.reject(new Error("its worker ended at its start")));
  if (worker.stdout !== null) await Promise.race([once(worker.stdout, "data"), ended]);
  const both = stack.move();
  const load = (seconds: number, atOnce: number): Promise<Accepted> =>
    send(programs, [name, store.url], seconds, atOnce);
  return {
    run: (seconds, atOnce) => measure({ worker, storePid: store.pid }, () => load(seconds, atOnce)),
    [Symbol.asyncDispose]: () => both.disposeAsync(),
  };
}

async function measure(
  { worker, storePid }: { readonly worker: ChildProcess; readonly storePid: number },
  load: () => Promise<Accepted>,
): Promise<QueueSample> {
  const cpuMs = (): number => treeCpuMs(worker.pid ?? 0) + treeCpuMs(storePid);
  const before = cpuMs();
  const { count } = await progress(worker);
  const { beganAt, accepted, perSecond, p50Micros } = await load();
  const endedAt = await drained(worker, count + accepted);
  const cpuMicros = ((cpuMs() - before) * 1000) / accepted;
  return { accepted: perSecond, ran: accepted / ((endedAt - beganAt) / 1000), p50Micros, cpuMicros };
}

async function send(
  programs: string,
  queue: readonly string[],
  seconds: number,
  atOnce: number,
): Promise<Accepted> {
  const script = join(programs, "queue-load.mjs");
  const [program, args] = pinned(1, [
    process.execPath,
    script,
    ...queue,
    String(seconds),
    String(atOnce),
    BODY,
  ]);
  const { stdout } = await promisify(execFile)(program, args);
  return JSON.parse(stdout) as Accepted;
}

async function progress(worker: ChildProcess): Promise<Progress> {
  const answer = once(worker, "message");
  worker.send("count");
  const [said] = (await answer) as [Progress];
  return said;
}

/** Waits until `count` jobs have ended; answers when the last did. */
async function drained(worker: ChildProcess, count: number): Promise<number> {
  for (const since = Date.now(); ;) {
    const now = await progress(worker);
    if (now.count >= count) return now.lastAt;
    if (Date.now() - Math.max(since, now.lastAt) > STALLED_MS)
      throw new Error(`${count - now.count} jobs did not run`);
    await sleep(POLL_MS);
  }
}
