import { MissingPeer, type QueuePeer, type QueueSample, type QueueServer } from "../peer.ts";
import type { QueueEntry } from "../table.ts";
import { bullmq, bullmqDurable } from "./bullmq.ts";
import { fungraph } from "./fungraph.ts";
import { graphileWorker } from "./graphile-worker.ts";
import { pgBoss } from "./pg-boss.ts";

/** Everything that runs jobs, Fungraph first, in the order of the table. */
export const QUEUE_PEERS: readonly QueuePeer[] = [fungraph, bullmq, bullmqDurable, graphileWorker, pgBoss];

/** Jobs that are sent at the same time. */
const AT_ONCE = 64;

/** Measures the queues that can be had, in turns; they are ended with the stack, and what is missing and why goes to `missing`. */
export async function measureQueues(
  peers: readonly QueuePeer[],
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  { stack, missing }: { readonly stack: AsyncDisposableStack; readonly missing: string[] },
): Promise<QueueEntry[]> {
  const started: {
    readonly name: string;
    readonly queue: QueueServer;
    readonly many: QueueSample[];
    readonly single: QueueSample[];
  }[] = [];
  for (const { name, start } of peers) {
    process.stderr.write(`starting ${name} ...\n`);
    try {
      const queue = stack.use(await start());
      await queue.run(1, AT_ONCE);
      started.push({ name, queue, many: [], single: [] });
    } catch (error) {
      missing.push(`${name}: ${error instanceof MissingPeer ? error.message : String(error)}`);
    }
  }
  for (let round = 0; round < rounds; round++)
    for (const { queue, many, single } of started) {
      many.push(await queue.run(seconds, AT_ONCE));
      single.push(await queue.run(seconds, 1));
    }
  return started;
}
