import { resolve } from "node:path";
import type { Argv, CommandModule } from "yargs";
import { DATA_FOLDER } from "../../client/connection-file.ts";
import { DRIVER_OPTION } from "../driver-option.ts";
import type { DriverName } from "../../platform/drivers/open-driver.ts";
import { stopSignal, stopped } from "../stop-signal.ts";
import { during, note, print } from "../terminal/screen.ts";

interface Options {
  port: number | undefined;
  host: string;
  driver: DriverName;
  data: string;
  json: boolean;
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
    yargs
      .option("port", {
        alias: "p",
        type: "number",
        describe: "Port; 0 takes any free one [8420, or a free one]",
      })
      .option("host", { type: "string", default: "127.0.0.1", describe: "Address to listen on" })
      .option("driver", DRIVER_OPTION)
      .option("data", { type: "string", default: DATA_FOLDER, describe: "Folder for everything it keeps" })
      .option("json", {
        type: "boolean",
        default: false,
        describe: "Print one JSON line when ready: endpoint, projectId, accessKey, secretKey",
      })
      .example("$0 platform start", "serve from the folder .fungraph")
      .example("$0 platform start --port 9000 --data /var/lib/fungraph --json", "for scripts"),
  handler: async ({ port, host, driver, data, json }) => {
    const { startLocalPlatform, tellMissingIsolation } = await import("../dev/local-platform.ts");
    const stop = stopSignal();
    const dataDir = resolve(data);
    const platform = await during("Starting the platform", () =>
      startLocalPlatform({ dataDir, port, host, driver }),
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
