import { Logger, makeWorkerUtils, run } from "graphile-worker";

const silent = new Logger(() => () => {});

/** `url` is a connection string of PostgreSQL. */
export async function open(url) {
  const utils = await makeWorkerUtils({ connectionString: url, maxPoolSize: 32, logger: silent });
  await utils.migrate();
  return {
    add: (payload) => utils.addJob("job", payload),
    // As its documentation says for the highest throughput.
    work: (done) =>
      run({
        connectionString: url,
        maxPoolSize: 32,
        noHandleSignals: true,
        logger: silent,
        taskList: { job: async () => done() },
        preset: {
          worker: {
            concurrentJobs: 64,
            localQueue: { size: 500 },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
      }),
    close: () => utils.release(),
  };
}
