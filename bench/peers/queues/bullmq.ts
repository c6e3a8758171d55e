import type { QueuePeer } from "../peer.ts";
import { startQueue } from "../queue-server.ts";
import { startRedis } from "./redis.ts";

/** BullMQ as most run it: what was accepted within the last second may be lost with the machine. */
export const bullmq: QueuePeer = {
  name: "BullMQ, Redis with fsync each second",
  start: async () => startQueue("bullmq", await startRedis("everysec")),
};

/** BullMQ with what Fungraph promises: accepted means on the disk. */
export const bullmqDurable: QueuePeer = {
  name: "BullMQ, Redis with fsync of each write",
  start: async () => startQueue("bullmq", await startRedis("always")),
};
