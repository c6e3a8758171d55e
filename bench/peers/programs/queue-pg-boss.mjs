import { PgBoss } from "pg-boss";

/** `url` is a connection string of PostgreSQL. */
export async function open(url) {
  const boss = new PgBoss({ connectionString: url, max: 32 });
  boss.on("error", (error) => process.stderr.write(`${error}\n`));
  await boss.start();
  await boss.createQueue("bench", { notify: true });
  return {
    add: (payload) => boss.send("bench", payload),
    // As many at once as the others, fetched in one query as long as there are so many.
    work: (done) =>
      boss.work(
        "bench",
        { batchSize: 64, burstWhenBatchFull: true, pollingIntervalSeconds: 0.5 },
        async (jobs) => {
          for (const _ of jobs) done();
        },
      ),
    close: () => boss.stop({ graceful: false }),
  };
}
