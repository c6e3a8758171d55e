import { resolve } from "node:path";
import type { Argv, CommandModule } from "yargs";
import { DATA_FOLDER } from "../../client/connection-file.ts";
import { clusterOptions, readCluster, type ClusterOptions } from "../cluster-options.ts";
import { platformOptions, type PlatformOptions } from "../platform-options.ts";
import { started, stopSignal, stopped } from "../stop-signal.ts";
import { during, note, print } from "../terminal/screen.ts";

interface Options extends PlatformOptions, ClusterOptions {
  readonly data: string;
  readonly json: boolean;
}

/** `fungraph platform start`: a platform alone, for programs that are deployed from elsewhere. */
export const platformCommand: CommandModule = {
  command: "platform",
  describe: "Run a platform alone, without a program",
  builder: (yargs: Argv) =>
    yargs
      .command(startCommand)
      .demandCommand(1, 1, "What should the platform do? For example: fungraph platform start"),
  handler: () => undefined,
};

const startCommand: CommandModule<object, Options> = {
  command: "start",
  describe: "Start a platform on this machine and serve until Ctrl-C",
  builder: (yargs) =>
    clusterOptions(platformOptions(yargs))
      .option("data", { type: "string", default: DATA_FOLDER, describe: "Folder for everything it keeps" })
      .option("json", {
        type: "boolean",
        default: false,
        describe: "Print one JSON line when ready: endpoint, projectId, accessKey, secretKey",
      })
      .example("$0 platform start", "serve from the folder .fungraph")
      .example("$0 platform start --port 9000 --data /var/lib/fungraph --json", "for scripts")
      .example(
        "$0 platform start --role gateway --database-file db --key-file key --logs logs --data g1",
        "a gateway of several",
      ),
  handler: async ({ data, json, ...options }) => {
    const { startLocalPlatform, tellMissingIsolation } = await import("../dev/local-platform.ts");
    const cluster = readCluster(options);
    const stop = stopSignal();
    const dataDir = resolve(data);
    const platform = await during("Starting the platform", () =>
      started(stop, () => startLocalPlatform({ ...options, dataDir, cluster })),
    );
    try {
      tellMissingIsolation(platform);
      const { endpoint, projectId, region, accessKey, secretKey } = platform;
      if (json)
        print(JSON.stringify({ endpoint, projectId, accessKey, secretKey, region, pid: process.pid }));
      else {
        print(`Platform ready at ${endpoint}`);
        print(`  project     ${projectId}`);
        print(`  access key  ${accessKey}`);
        print(`  secret key  ${secretKey}`);
        note("Ctrl-C stops it.");
      }
      await stopped(stop);
    } finally {
      await platform.close();
    }
  },
};
