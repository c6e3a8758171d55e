import type { Argv, CommandModule } from "yargs";
import type { DeadRequest, DeadSelection } from "../../client/dead-requests.ts";
import { type ConnectionOptions, withConnection } from "../connection/connect.ts";
import { withClient } from "../connection/with-client.ts";
import { UserError } from "../exit.ts";
import { formatAge } from "../terminal/measure.ts";
import { note, print, printJson } from "../terminal/screen.ts";
import { renderTable } from "../terminal/table.ts";

interface Options extends ConnectionOptions {
  target: string | undefined;
  request: string | undefined;
}

interface ListOptions extends Options {
  json: boolean;
  lines: number;
}

const REASON_CHARACTERS = 80;

/** `fungraph queue`: asynchronous requests that failed for good. */
export const queueCommand: CommandModule = {
  command: "queue",
  describe: "Show, run again or forget asynchronous requests that failed for good",
  builder: (yargs) =>
    yargs
      .command(listCommand)
      .command(redriveCommand)
      .command(purgeCommand)
      .demandCommand(1, 1, "What about the queue? For example: fungraph queue ls")
      .example("$0 queue ls", "what failed, newest first")
      .example("$0 queue redrive resize", "run all of one function again, after its code was mended")
      .example("$0 queue purge '*'", "forget all of the project"),
  handler: () => undefined,
};

const listCommand: CommandModule<object, ListOptions> = {
  command: ["ls [target]", "list"],
  describe: "List requests that failed for good, newest first",
  builder: (yargs) =>
    withSelection(yargs)
      .option("lines", { alias: "n", type: "number", default: 50, describe: "Requests at most" })
      .option("json", { type: "boolean", default: false, describe: "Print JSON" }),
  handler: (options) =>
    withClient(options, async (client) => {
      const { requests, count } = await client.deadRequests.list(selected(options), options.lines);
      if (options.json) printJson(requests);
      else if (requests.length === 0) note("No request failed for good.");
      else print(table(requests));
      if (count > requests.length) note(`${count - requests.length} more. Raise --lines to see them.`);
    }),
};

const redriveCommand: CommandModule<object, Options> = {
  command: "redrive [target]",
  describe: "Put requests back into the queue, as if they came now",
  builder: (yargs) => withSelection(yargs),
  handler: (options) =>
    withClient(options, async (client) => {
      const count = await client.deadRequests.redrive(chosen(options));
      note(count === 1 ? "One request runs again." : `${count} requests run again.`);
    }),
};

const purgeCommand: CommandModule<object, Options> = {
  command: "purge [target]",
  describe: "Forget requests with their events",
  builder: (yargs) => withSelection(yargs),
  handler: (options) =>
    withClient(options, async (client) => {
      const count = await client.deadRequests.purge(chosen(options));
      note(count === 1 ? "One request is forgotten." : `${count} requests are forgotten.`);
    }),
};

function withSelection(yargs: Argv): Argv<Options> {
  return withConnection(yargs)
    .positional("target", {
      type: "string",
      describe: "Function (name or URN), bucket:NAME or topic:NAME; * for all",
    })
    .option("request", { alias: "r", type: "string", describe: "Only the request with this id" });
}

function selected({ target, request }: Options): DeadSelection {
  return { target, id: request };
}

/** What is changed must be named. */
function chosen(options: Options): DeadSelection {
  if (options.target !== undefined || options.request !== undefined) return selected(options);
  throw new UserError("Which requests? Name a function, one request with --request, or all with '*'.");
}

function table(requests: readonly DeadRequest[]): string {
  return renderTable(
    ["Request", "For", "Accepted", "Tries", "Code", "Reason"],
    requests.map((one) => [
      one.request_id,
      one.target,
      formatAge(Date.parse(one.start_time)),
      String(one.attempts),
      String(one.error_code),
      reasonOf(one.error_message).replaceAll(/\s+/g, " ").slice(0, REASON_CHARACTERS),
    ]),
  );
}

/** The message of a function's error body; other reasons are sentences already. */
function reasonOf(text: string): string {
  try {
    const { errorMessage } = JSON.parse(text) as { errorMessage?: unknown };
    return typeof errorMessage === "string" ? errorMessage : text;
  } catch {
    return text;
  }
}
