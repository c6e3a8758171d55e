import { Queue, Worker } from "bullmq";

/** `url` is the path of Redis' socket. */
export function open(url) {
  const connection = { path: url };
  const queue = new Queue("bench", { connection, defaultJobOptions: { removeOnComplete: true } });
  return {
    add: (payload) => queue.add("job", payload),
    work: (done) => new Worker("bench", async () => done(), { connection, concurrency: 64 }).waitUntilReady(),
    close: () => queue.close(),
  };
}
