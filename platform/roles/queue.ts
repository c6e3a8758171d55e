import type { Invoker } from "../gateway/invoker.ts";
import { DurableQueue } from "../triggers/async-queue.ts";
import type { QueueOptions } from "../triggers/queue-options.ts";
import { Deliveries } from "../triggers/deliveries.ts";
import { Publisher } from "../triggers/publisher.ts";
import { Subscribers } from "../triggers/subscribers.ts";
import type { Live } from "../api/live.ts";
import type { Ground } from "./ground.ts";

const QUEUED_SHARE = 0.64;

/** The queue of asynchronous requests, and what the control plane does with it. It runs nothing before its start. */
export function openQueue(
  { settings, store }: Ground,
  invoker: Invoker,
  executions: number,
): { readonly queue: DurableQueue; readonly live: Pick<Live, "cancel" | "redrive" | "publish"> } {
  const { region, quotas, problem, objects } = settings;
  const topics = new Subscribers(store, region);
  const deliveries = new Deliveries({ objects, topics, region });
  const deliver = deliveries.deliver.bind(deliveries);
  const bounds = queueBounds(quotas.asyncQueueLength, executions);
  const queue = new DurableQueue({ store, topics, invoker, deliver, region, ...bounds, warn: problem });
  const publisher = new Publisher({ queue, topics, region, settled: () => store.settled() });
  return {
    queue,
    live: {
      cancel: (key, id) => queue.cancel(key, id),
      redrive: (query) => queue.redrive(query),
      publish: (message) => publisher.publish(message),
    },
  };
}

/** Callers who wait go on: the queue runs at most 64 of the 100 calls that an account may run, and one function half of that. */
function queueBounds(
  length: number,
  executions: number,
): Required<Pick<QueueOptions, "length" | "running" | "runningPerFunction">> {
  const running = Math.ceil(executions * QUEUED_SHARE);
  return { length, running, runningPerFunction: Math.ceil(running / 2) };
}
