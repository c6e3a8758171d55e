import { readFileSync } from "node:fs";
import yargs from "yargs";
import { hideBin } from "yargs/helpers";
import { agenciesCommand } from "./commands/agencies.ts";
import { devCommand } from "./commands/dev.ts";
import { eventsCommand } from "./commands/events.ts";
import { imagesCommand } from "./commands/images.ts";
import { invokeCommand } from "./commands/invoke.ts";
import { logsCommand } from "./commands/logs.ts";
import { lsCommand } from "./commands/ls.ts";
import { metricsCommand } from "./commands/metrics.ts";
import { packageCommand } from "./commands/package.ts";
import { platformCommand } from "./commands/platform.ts";
import { queueCommand } from "./commands/queue.ts";
import { runtimesCommand } from "./commands/runtimes.ts";
import { synthCommand } from "./commands/synth.ts";
import { topicsCommand } from "./commands/topics.ts";
import { ExitCode, UserError } from "./exit.ts";
import { reportFailure } from "./failure.ts";
import { endWithReader } from "./terminal/screen.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Wide enough for the examples, and the same in every pipe. */
const WIDTH = 100;

endWithReader();
endWithLauncher();
process.exitCode = await run(hideBin(process.argv));

/** Stops in good order when the launcher was killed. */
function endWithLauncher(): void {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}

async function run(args: readonly string[]): Promise<number> {
  try {
    await commands(args).parseAsync();
    return Number(process.exitCode ?? ExitCode.Success);
  } catch (error) {
    return reportFailure(error);
  }
}

/** Each command loads what it needs when it runs, so that the small ones start fast. */
function commands(args: readonly string[]) {
  return yargs([...args])
    .scriptName("fungraph")
    .usage("$0 <command>\n\nFunctions you own: declare them in TypeScript, run them on your machine.")
    .command(devCommand)
    .command(synthCommand)
    .command(eventsCommand)
    .command(imagesCommand)
    .command(invokeCommand)
    .command(logsCommand)
    .command(lsCommand)
    .command(metricsCommand)
    .command(packageCommand)
    .command(platformCommand)
    .command(agenciesCommand)
    .command(queueCommand)
    .command(runtimesCommand)
    .command(topicsCommand)
    .demandCommand(1, 1, "Which command? For example: fungraph dev examples/photo-api")
    .recommendCommands()
    .strict()
    .version(version)
    .locale("en")
    .wrap(Math.min(WIDTH, process.stdout.columns ?? WIDTH))
    .alias("help", "h")
    .showHelpOnFail(false)
    .exitProcess(false)
    .fail((message, error: unknown) => {
      // A refused value of an option comes wrapped, and the message is its own.
      if (error instanceof Error && error.name !== "YError") throw error;
      throw new UserError(`${message}\nSee: fungraph ${helpOf(args)}--help`);
    })
    .epilogue("More about a command: $0 <command> --help");
}

/** The command that was asked for, so that the hint leads to its own page. */
function helpOf(args: readonly string[]): string {
  const words = args
    .slice(0, args.findIndex((each) => each.startsWith("-")) + 1 || 1)
    .filter((each) => !each.startsWith("-"));
  return words[0] === undefined ? "" : `${words[0]} `;
}
